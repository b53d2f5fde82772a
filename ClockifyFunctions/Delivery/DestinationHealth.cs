namespace ClockifyFunctions.Delivery;

/// <summary>
/// Decides whether a destination works. Working: after ten different records in a row failed, it is paused for 5 s. After the pause it is
/// probed with up to ten further records, one call each. The first answered record ends this. If all probes fail, the next pause is
/// twice as long (at most 5 min), and then twice as many records are probes (at most 100). Pure.
/// </summary>
/// <remarks>
/// A failed record is postponed, so each probe is another record, and a run of bad records at the head of a backlog is passed soon: 50 take
/// 35 s. A circuit breaker that admits one probe per pause would need hours.
/// </remarks>
/// <param name="round">Pauses since the destination last worked; 0: it works.</param>
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

    /// <summary>Whether records are begun as probes, so that a failed call is not repeated at once.</summary>
    public bool IsProbing => Round > 0;

    /// <summary>How many records may be under way.</summary>
    public int MostOpen(DateTimeOffset now)
    {
        lock (_lock) return Round == 0 ? int.MaxValue : IsPaused(now) ? 0 : Limit - _failed.Count;
    }

    /// <summary>The API or host answered a record with a decision.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            (Round, PausedUntil) = (0, null);
            _failed.Clear();
        }
    }

    /// <summary>A record was tried and postponed. What was under way when a pause began does not count.</summary>
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
