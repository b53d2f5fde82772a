using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Backlog;

/// <summary>One record on its way to Clockify.</summary>
/// <param name="Id">Its identity, the same however often its message is redelivered; see <see cref="RecordIdentity"/>.</param>
/// <param name="MessageId">As the producer set it; null if it set none.</param>
/// <param name="EnqueuedAt">When the queue took the message; for a replay, when it was asked for.</param>
/// <param name="Body">The record itself, a JSON object of at most <see cref="MaxBytes"/>.</param>
/// <param name="Replay">How often it has come back from the quarantine; null: it comes from the queue.</param>
/// <param name="Trace">The trace context of its message.</param>
/// <param name="Attempt">For a copy of a postponed record: how often it was postponed. Null: the record comes from a producer or from the quarantine.</param>
/// <param name="MayHaveArrived">For a copy: an earlier call may have taken effect.</param>
internal sealed record BacklogRecord(string Id, string? MessageId, DateTimeOffset EnqueuedAt, RawJson Body, int? Replay = null, TraceContext? Trace = null, int? Attempt = null, bool? MayHaveArrived = null)
{
    /// <summary>The run that the record belongs to; null: none.</summary>
    public string? Run { get; init; }

    /// <summary>Null: <see cref="RecordOperation.Write"/>.</summary>
    public RecordOperation? Operation { get; init; }

    /// <summary>1 MiB: several records must fit into one block of 4 MiB, with what the quarantine says about them.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>What the journal and the response events know it by: a replay is another try of the same record.</summary>
    [JsonIgnore]
    public string Key => Replay is { } replay ? string.Create(CultureInfo.InvariantCulture, $"{Id}~{replay}") : Id;

    /// <summary>A digest of the body. The journal keeps it for a postponed record, so that nobody else can send a copy with another body.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(Body.Utf8.Span));

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
