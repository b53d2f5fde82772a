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
        KeyValuePair<string, Action<JsonBuffer>> All(string name, Func<QueueMessage, object?> value) =>
            new(name + "Array", json => json.Array(messages, (item, message) => item.Append(JsonWriting.Value(value(message)))));
        KeyValuePair<string, Action<JsonBuffer>> AllProperties(string name) =>
            new(name + "Array", json => json.Array(messages, (item, message) => item.Append(Properties(message))));
        return
        [
            All("DeliveryCount", m => m.DeliveryCount),
            All("DeadLetterSource", m => m.DeadLetterSource),
            All("LockToken", m => m.LockToken),
            All("ExpiresAtUtc", m => Unspecified(m.ExpiresAt)),
            All("ExpiresAt", m => m.ExpiresAt),
            All("EnqueuedTimeUtc", m => Unspecified(m.EnqueuedTime)),
            All("EnqueuedTime", m => m.EnqueuedTime),
            All("MessageId", m => m.MessageId),
            All("ContentType", m => m.ContentType),
            All("ReplyTo", m => m.ReplyTo),
            All("SequenceNumber", m => m.SequenceNumber),
            All("To", m => m.To),
            All("Subject", m => m.Subject),
            All("Label", m => m.Subject),
            All("CorrelationId", m => m.CorrelationId),
            AllProperties("ApplicationProperties"),
            AllProperties("UserProperties"),
            All("SessionId", m => m.SessionId),
            All("ReplyToSessionId", m => m.ReplyToSessionId),
            All("PartitionKey", m => m.PartitionKey),
            // A slip in the extension that the handler will meet in Azure too.
            All("TransactionPartitionKey", m => m.PartitionKey),
        ];
    }

    private static string? Text(string? value) => value is null ? null : InvocationBody.Twice(JsonWriting.Quote(value));

    private static string Seconds(DateTimeOffset time, string zone) =>
        JsonWriting.Quote(time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss" + zone, CultureInfo.InvariantCulture));

    private static DateTime Unspecified(DateTimeOffset time) => DateTime.SpecifyKind(time.UtcDateTime, DateTimeKind.Unspecified);

    private static string Properties(QueueMessage m) =>
        JsonWriting.Object(m.Properties.Select(p => KeyValuePair.Create(p.Key, JsonWriting.Value(p.Value))));
}
