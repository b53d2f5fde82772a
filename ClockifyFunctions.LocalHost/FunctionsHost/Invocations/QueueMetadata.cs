using System.Globalization;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>Metadata entries in the order in which the extension adds them.</summary>
internal static class QueueMetadata
{
    /// <returns>Values ready for the request; null where the entry is left out.</returns>
    public static IEnumerable<KeyValuePair<string, string?>> Of(QueueMessage m) =>
    [
        new("DeliveryCount", InvocationBody.Twice(JsonWriting.Value(m.DeliveryCount))),
        new("DeadLetterSource", Text(m.DeadLetterSource)),
        new("LockToken", Text(m.LockToken.ToString())),
        new("ExpiresAtUtc", Seconds(m.ExpiresAt, "")),
        new("ExpiresAt", Seconds(m.ExpiresAt, "zzz")),
        new("EnqueuedTimeUtc", Seconds(m.EnqueuedTime, "")),
        new("EnqueuedTime", Seconds(m.EnqueuedTime, "zzz")),
        new("MessageId", Text(m.MessageId)),
        new("ContentType", Text(m.ContentType)),
        new("ReplyTo", Text(m.ReplyTo)),
        new("SequenceNumber", InvocationBody.Twice(JsonWriting.Value(m.SequenceNumber))),
        new("To", Text(m.To)),
        new("Subject", Text(m.Subject)),
        new("Label", Text(m.Subject)),
        new("CorrelationId", Text(m.CorrelationId)),
        new("ApplicationProperties", Properties(m)),
        new("UserProperties", Properties(m)),
        new("SessionId", Text(m.SessionId)),
        new("ReplyToSessionId", Text(m.ReplyToSessionId)),
        new("PartitionKey", Text(m.PartitionKey)),
        new("TransactionPartitionKey", Text(m.TransactionPartitionKey)),
    ];

    /// <returns>JSON arrays in message order, unset values as null, not yet encoded a second time.</returns>
    public static IEnumerable<KeyValuePair<string, Action<JsonBuffer>>> Of(IReadOnlyList<QueueMessage> messages)
    {
        KeyValuePair<string, Action<JsonBuffer>> All(string name, Action<JsonBuffer, QueueMessage> write) => new(name + "Array", json => json.Array(messages, write));
        return
        [
            All("DeliveryCount", (json, m) => json.Format(m.DeliveryCount)),
            All("DeadLetterSource", (json, m) => json.QuoteOrNull(m.DeadLetterSource)),
            All("LockToken", (json, m) => json.QuoteFormat(m.LockToken)),
            All("ExpiresAtUtc", (json, m) => json.QuoteFormat(Unspecified(m.ExpiresAt), JsonWriting.PreciseTime)),
            All("ExpiresAt", (json, m) => json.QuoteFormat(m.ExpiresAt, JsonWriting.PreciseTimeWithOffset)),
            All("EnqueuedTimeUtc", (json, m) => json.QuoteFormat(Unspecified(m.EnqueuedTime), JsonWriting.PreciseTime)),
            All("EnqueuedTime", (json, m) => json.QuoteFormat(m.EnqueuedTime, JsonWriting.PreciseTimeWithOffset)),
            All("MessageId", (json, m) => json.QuoteOrNull(m.MessageId)),
            All("ContentType", (json, m) => json.QuoteOrNull(m.ContentType)),
            All("ReplyTo", (json, m) => json.QuoteOrNull(m.ReplyTo)),
            All("SequenceNumber", (json, m) => json.Format(m.SequenceNumber)),
            All("To", (json, m) => json.QuoteOrNull(m.To)),
            All("Subject", (json, m) => json.QuoteOrNull(m.Subject)),
            All("Label", (json, m) => json.QuoteOrNull(m.Subject)),
            All("CorrelationId", (json, m) => json.QuoteOrNull(m.CorrelationId)),
            All("ApplicationProperties", WriteProperties),
            All("UserProperties", WriteProperties),
            All("SessionId", (json, m) => json.QuoteOrNull(m.SessionId)),
            All("ReplyToSessionId", (json, m) => json.QuoteOrNull(m.ReplyToSessionId)),
            All("PartitionKey", (json, m) => json.QuoteOrNull(m.PartitionKey)),
            // A slip in the extension that the handler will meet in Azure too.
            All("TransactionPartitionKey", (json, m) => json.QuoteOrNull(m.PartitionKey)),
        ];
    }

    private static string? Text(string? value) => value is null ? null : InvocationBody.Twice(JsonWriting.Quote(value));

    private static string Seconds(DateTimeOffset time, string zone) =>
        JsonWriting.Quote(time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss" + zone, CultureInfo.InvariantCulture));

    private static DateTime Unspecified(DateTimeOffset time) => DateTime.SpecifyKind(time.UtcDateTime, DateTimeKind.Unspecified);

    private static string Properties(QueueMessage m)
    {
        using var json = new JsonBuffer();
        WriteProperties(json, m);
        return json.ToString();
    }

    private static void WriteProperties(JsonBuffer json, QueueMessage m)
    {
        json.Append("{");
        for (var index = 0; index < m.Properties.Count; index++)
        {
            var (name, value) = m.Properties[index];
            if (index > 0) json.Append(",");
            json.Quote(name).Append(":");
            if (value is string text) json.Quote(text);
            else json.Append(JsonWriting.Value(value));
        }

        json.Append("}");
    }
}
