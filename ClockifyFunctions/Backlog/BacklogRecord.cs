using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Backlog;

/// <summary>One record in the backlog.</summary>
/// <param name="Id">The identity of the record. Redelivery of the message does not change it; see <see cref="RecordIdentity"/>.</param>
/// <param name="MessageId">The message id that the producer set; null if it set none.</param>
/// <param name="EnqueuedAt">The time at which the queue accepted the message. For a replay, the time of the replay request.</param>
/// <param name="Body">The record itself, a JSON object of at most <see cref="MaxBytes"/>.</param>
/// <param name="Replay">How often the record was replayed from the quarantine; null if it comes from the queue.</param>
/// <param name="Trace">The trace context of the message.</param>
/// <param name="Attempt">For a copy of a postponed record: how often it was postponed. Null: the record comes from a producer or from the quarantine.</param>
/// <param name="MayHaveArrived">For a copy: an earlier call may have taken effect.</param>
internal sealed record BacklogRecord(string Id, string? MessageId, DateTimeOffset EnqueuedAt, RawJson Body, int? Replay = null, TraceContext? Trace = null, int? Attempt = null, bool? MayHaveArrived = null)
{
    /// <summary>The run of the record; null if it belongs to none.</summary>
    public string? Run { get; init; }

    /// <summary>The operation of the record. Null means <see cref="RecordOperation.Write"/>.</summary>
    public RecordOperation? Operation { get; init; }

    /// <summary>1 MiB: several records must fit into one block of 4 MiB, with what the quarantine says about them.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The key of the record in the journal and in response events. A replay has a key of its own.</summary>
    [JsonIgnore]
    public string Key => Replay is { } replay ? string.Create(CultureInfo.InvariantCulture, $"{Id}~{replay}") : Id;

    /// <summary>A digest of the body. The journal keeps it for a postponed record, so that a producer cannot send a copy with another body.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(Body.Utf8.Span));

    /// <summary>Reads the record in a line. Returns null if the line is damaged or contains no record, so that one bad line does not stop the records after it.</summary>
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
