using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Backlog;

/// <summary>
/// The identity of a postponed record. A scheduled message carries it in the application property <see cref="Property"/>; the body of the message is
/// the body of the record.
/// </summary>
/// <remarks>
/// Every producer can write this property, so it is not trusted. The journal of the destination announces each genuine copy, with its attempt and
/// a digest of its body, before the message is sent. A line that the journal did not announce is quarantined under its own id.
/// </remarks>
internal sealed record PostponedCopy(string Id, string? MessageId, DateTimeOffset EnqueuedAt, int? Replay, int Attempt, bool? MayHaveArrived, string? Run = null, RecordOperation? Operation = null)
{
    public const string Property = "postponed", DestinationProperty = "destination";

    /// <summary>Maximum length of ids and message ids. This app writes no longer ones.</summary>
    private const int LongestText = 512;

    /// <param name="attempt">How often the record has been postponed, including this time.</param>
    public static ServiceBusMessage ToMessage(BacklogRecord record, string destination, int attempt, bool mayHaveArrived, DateTimeOffset due)
    {
        var copy = new PostponedCopy(record.Id, record.MessageId, record.EnqueuedAt, record.Replay, attempt, mayHaveArrived ? true : null, record.Run, record.Operation);
        var message = new ServiceBusMessage(new BinaryData(record.Body.Utf8))
        {
            MessageId = string.Create(CultureInfo.InvariantCulture, $"{destination}/{record.Key}/{attempt}"),
            ContentType = "application/json",
            ScheduledEnqueueTime = due,
            ApplicationProperties = { [DestinationProperty] = destination, [Property] = JsonSerializer.Serialize(copy, BacklogJson.Web.PostponedCopy) },
        };
        record.Trace?.AddTo(message.ApplicationProperties);
        return message;
    }

    /// <summary>The copy that a property describes; null if this app did not write the property.</summary>
    public static PostponedCopy? Read(string property)
    {
        try
        {
            return JsonSerializer.Deserialize(property, BacklogJson.Web.PostponedCopy) is { Attempt: > 0, Id.Length: > 0 and <= LongestText, MessageId: null or { Length: <= LongestText }, Replay: null or > 0 } copy ? copy : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public BacklogRecord ToRecord(RawJson body, TraceContext? trace) => new(Id, MessageId, EnqueuedAt, body, Replay, trace, Attempt, MayHaveArrived) { Run = Run, Operation = Operation };
}
