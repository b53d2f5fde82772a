namespace ClockifyFunctions.Sending;

/// <summary>
/// Decides whether a destination works. After ten different records in a row failed, the destination is paused for 5 s. After the pause,
/// up to ten further records are sent as probes, one call each. The first answered record ends the probing. If all probes fail, the next
/// pause is twice as long (at most 5 min) and is followed by twice as many probes (at most 100). Pure.
/// </summary>
/// <remarks>
/// A failed record is postponed, so each probe is a different record. Fifty bad records at the head of a backlog delay the others by 35 s.
/// A circuit breaker that admits one probe per pause would delay them by hours.
/// </remarks>
/// <param name="round">Number of pauses since the destination last worked; 0 if it works.</param>
/// <param name="pausedUntil">The end of the latest pause.</param>
internal sealed class DestinationHealth(int round = 0, DateTimeOffset? pausedUntil = null)
{
    private const int FirstProbes = 10, MostProbes = 100;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public int Round { get; private set; } = round;

    public DateTimeOffset? PausedUntil { get; private set; } = pausedUntil;

    public bool IsPaused(DateTimeOffset now) => PausedUntil > now;

    /// <summary>Whether records are sent as probes. A failed call of a probe is not retried immediately.</summary>
    public bool IsProbing => Round > 0;

    /// <summary>Returns how many records may be in progress.</summary>
    public int MostOpen(DateTimeOffset now)
    {
        lock (_lock) return Round == 0 ? int.MaxValue : IsPaused(now) ? 0 : Limit - _failed.Count;
    }

    /// <summary>Notes that the API or host accepted or rejected a record.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            (Round, PausedUntil) = (0, null);
            _failed.Clear();
        }
    }

    /// <summary>Notes that a record failed and was postponed. Records that fail during a pause are not counted.</summary>
    public void Failed(string record, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (IsPaused(now)) return;
            _failed.Add(record);
            if (_failed.Count < Limit) return;
            _failed.Clear();
            Round++;
            var pause = FirstPause * Math.Pow(2, Math.Min(Round - 1, 10));
            PausedUntil = now + (pause < LongestPause ? pause : LongestPause);
        }
    }

    private int Limit => Round == 0 ? FirstProbes : Math.Min(FirstProbes << Math.Min(Round - 1, 10), MostProbes);
}
