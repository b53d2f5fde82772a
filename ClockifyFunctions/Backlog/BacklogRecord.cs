using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Backlog;

/// <summary>One record on its way to Clockify.</summary>
/// <param name="Id">Its identity, the same however often its message is redelivered; see <see cref="RecordIdentity"/>.</param>
/// <param name="MessageId">As the producer set it; null if it set none.</param>
/// <param name="EnqueuedAt">When the queue took the message; for a replay, when it was asked for.</param>
/// <param name="Body">The record itself, a JSON object of at most <see cref="MaxBytes"/>.</param>
/// <param name="Replay">How often it has come back from the quarantine; null: it comes from the queue.</param>
/// <param name="Trace">That its message came with.</param>
internal sealed record BacklogRecord(string Id, string? MessageId, DateTimeOffset EnqueuedAt, RawJson Body, int? Replay = null, TraceContext? Trace = null)
{
    /// <summary>1 MiB: several records must fit into one block of 4 MiB, with what the quarantine says about them.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>What the journal and the response events know it by: a replay is another try of the same record.</summary>
    [JsonIgnore]
    public string Key => Replay is { } replay ? string.Create(CultureInfo.InvariantCulture, $"{Id}~{replay}") : Id;

    /// <summary>The record in a line; null where it is damaged or holds none, which must not keep the others from their turn.</summary>
    public static BacklogRecord? Read(LogChunk.Entry line)
    {
        try
        {
            return line.Damaged ? null : JsonSerializer.Deserialize(line.Payload.Span, BacklogJson.Web.BacklogRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
