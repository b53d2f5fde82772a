using System.Globalization;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>
/// The progress of a destination. Every record before <see cref="Position"/> is finished or postponed, and the broker has accepted its message.
/// The cursor is stored in the metadata of the blob <c>{credential}/{destination}/cursor</c>, so one listing of the backlogs reads all cursors. It also
/// contains the numbers that the console shows, because they then cost no transaction of their own.
/// </summary>
/// <param name="Calls">Number of calls so far, including retries and verifications.</param>
/// <param name="Throttled">Number of calls that were answered with 429.</param>
internal sealed record Cursor(LogPosition Position, long Delivered, long Quarantined, long Calls = 0, long Throttled = 0)
{
    public static readonly Cursor AtStart = new(LogPosition.Start, 0, 0);

    /// <summary>The latest call or record that failed, unless a record has been delivered since.</summary>
    public LastError? LastError { get; init; }

    /// <summary>The calls of the last two minutes, by second.</summary>
    public CallHistory RecentCalls { get; init; } = CallHistory.None;

    /// <summary>Number of delivered records that had warnings.</summary>
    public long Warned { get; init; }

    /// <summary>Time of the last delivery; null if there was none.</summary>
    public DateTimeOffset? LastDeliveredAt { get; init; }

    /// <summary>Number of records that are postponed and not finished.</summary>
    public int Postponed { get; init; }

    /// <summary>The changes by records, for destinations that link records to objects.</summary>
    public ChangeCounts Changes { get; init; }

    /// <summary>Number of pauses since the last successful call; 0 if the destination works.</summary>
    public int PauseRound { get; init; }

    /// <summary>The end of the current pause. The drain makes no call before it.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

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
            metadata["errorat"] = Text(error.At);
            metadata["error"] = Uri.EscapeDataString(error.Message); // Metadata is ASCII.
        }

        if (LastDeliveredAt is { } delivered) metadata["deliveredat"] = Text(delivered);
        if (Warned > 0) metadata["warned"] = Warned.ToString(CultureInfo.InvariantCulture);
        if (Postponed > 0) metadata["postponed"] = Postponed.ToString(CultureInfo.InvariantCulture);
        if (Changes != default) metadata["changes"] = Changes.Format();
        if (PauseRound > 0) metadata["pauseround"] = PauseRound.ToString(CultureInfo.InvariantCulture);
        if (PausedUntil is { } until) metadata["pauseduntil"] = Text(until);
        return metadata;

        static string Text(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
    }

    public static Cursor FromMetadata(IDictionary<string, string> metadata)
    {
        return new Cursor(new LogPosition((int)Number("segment"), Number("offset")), Number("delivered"), Number("quarantined"), Number("calls"), Number("throttled"))
        {
            LastError = metadata.TryGetValue("error", out var message) && Time("errorat") is { } at ? new LastError(at, Uri.UnescapeDataString(message)) : null,
            RecentCalls = CallHistory.Parse(metadata.TryGetValue("recent", out var recent) ? recent : null),
            Warned = Number("warned"),
            LastDeliveredAt = Time("deliveredat"),
            Postponed = (int)Number("postponed"),
            Changes = ChangeCounts.Parse(metadata.TryGetValue("changes", out var changes) ? changes : null),
            PauseRound = (int)Number("pauseround"),
            PausedUntil = Time("pauseduntil"),
        };

        long Number(string name) => metadata.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

        DateTimeOffset? Time(string name) => metadata.TryGetValue(name, out var text) ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
    }
}

/// <summary>The latest error of a destination.</summary>
internal sealed record LastError(DateTimeOffset At, string Message);
