using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Sync;

/// <summary>Whether objects that a run does not name may vanish: the guards of a mirror. Pure.</summary>
/// <param name="State"><see cref="RunState.Open"/> if it cannot be decided yet.</param>
/// <param name="Vanished">The keys of the objects that vanish or would vanish.</param>
/// <param name="Expired">Keys of objects that stayed archived for long enough to be deleted.</param>
internal sealed record RunVerdict(RunState State, IReadOnlyList<UInt128> Vanished, IReadOnlyList<UInt128> Expired)
{
    /// <param name="records">The number of received records of the run.</param>
    /// <param name="expected">The declared number of records.</param>
    /// <param name="approved">The number of vanishing objects that a person approved; null if nobody did.</param>
    /// <param name="isLastCall">Whether the time for late records is over.</param>
    /// <param name="links">All links of the destination.</param>
    /// <param name="isNamed">Whether this run or a later one names a key.</param>
    public static RunVerdict Of(SyncRules rules, int records, int expected, int? approved, bool isLastCall, IEnumerable<(UInt128 Key, Link Link)> links, Func<UInt128, bool> isNamed, DateTimeOffset now)
    {
        if (expected == 0) return new RunVerdict(RunState.Empty, [], []);
        if (records < expected) return new RunVerdict(isLastCall ? RunState.Incomplete : RunState.Open, [], []);
        var (vanished, expired, active) = (new List<UInt128>(), new List<UInt128>(), 0);
        foreach (var (key, link) in links)
        {
            if (link.IsActive) active++;
            if (link.IsActive && rules.Vanished != Destinations.Vanished.Keep && !isNamed(key) && now - link.At >= rules.Grace) vanished.Add(key);
            else if (link.State == LinkState.Archived && now - link.At >= rules.DeleteAfter) expired.Add(key);
        }

        var isBlocked = vanished.Count > rules.Limits.Most(active) && approved != vanished.Count;
        return new RunVerdict(isBlocked ? RunState.Blocked : RunState.Done, vanished, isBlocked ? [] : expired);
    }
}
