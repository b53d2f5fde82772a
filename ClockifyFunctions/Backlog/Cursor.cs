using System.Globalization;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>
/// How far a destination has come: every record before <see cref="Position"/> is finished, its response event acknowledged.
/// Kept in the metadata of the blob <c>{credential}/{destination}/cursor</c>, so that listing the backlogs reads all cursors; what
/// people want to see of a destination is counted here as well, for it then costs no transaction of its own.
/// </summary>
/// <param name="Calls">Made so far, retries and read-backs included.</param>
/// <param name="Throttled">The part of them that was answered with 429.</param>
internal sealed record Cursor(LogPosition Position, long Delivered, long Quarantined, long Calls = 0, long Throttled = 0)
{
    public static readonly Cursor AtStart = new(LogPosition.Start, 0, 0);

    /// <summary>The latest call or record that failed, unless a record has been delivered since.</summary>
    public LastError? LastError { get; init; }

    /// <summary>The calls of the last two minutes, by second.</summary>
    public CallHistory RecentCalls { get; init; } = CallHistory.None;

    public Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>
        {
            ["segment"] = Position.Segment.ToString(CultureInfo.InvariantCulture),
            ["offset"] = Position.Offset.ToString(CultureInfo.InvariantCulture),
            ["delivered"] = Delivered.ToString(CultureInfo.InvariantCulture),
            ["quarantined"] = Quarantined.ToString(CultureInfo.InvariantCulture),
            ["calls"] = Calls.ToString(CultureInfo.InvariantCulture),
            ["throttled"] = Throttled.ToString(CultureInfo.InvariantCulture),
            ["recent"] = RecentCalls.Format(),
        };
        if (LastError is { } error)
        {
            metadata["errorat"] = error.At.ToString("O", CultureInfo.InvariantCulture);
            metadata["error"] = Uri.EscapeDataString(error.Message); // Metadata is ASCII.
        }

        return metadata;
    }

    public static Cursor FromMetadata(IDictionary<string, string> metadata)
    {
        return new Cursor(new LogPosition((int)Number("segment"), Number("offset")), Number("delivered"), Number("quarantined"), Number("calls"), Number("throttled"))
        {
            LastError = metadata.TryGetValue("error", out var message) && metadata.TryGetValue("errorat", out var at)
                ? new LastError(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), Uri.UnescapeDataString(message))
                : null,
            RecentCalls = CallHistory.Parse(metadata.TryGetValue("recent", out var recent) ? recent : null),
        };

        long Number(string name) => metadata.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
    }
}

/// <summary>What went wrong last.</summary>
internal sealed record LastError(DateTimeOffset At, string Message);
