using System.Globalization;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Sync;

/// <summary>Whether objects that a run does not name may vanish: the guards of a mirror. Pure.</summary>
/// <param name="State"><see cref="RunState.Open"/> if it cannot be decided yet.</param>
/// <param name="Vanished">The keys of the objects that vanish or would vanish.</param>
/// <param name="Expired">Keys of objects that stayed archived for long enough to be deleted.</param>
/// <param name="WhyBlocked">The guard that needs an approval, as a part of a sentence; null if none does.</param>
internal sealed record RunVerdict(RunState State, IReadOnlyList<UInt128> Vanished, IReadOnlyList<UInt128> Expired, string? WhyBlocked = null)
{
    /// <param name="records">The number of received records of the run.</param>
    /// <param name="withoutKey">The number of received records without a key. Each of them may belong to an object that seems to vanish.</param>
    /// <param name="expected">The declared number of records.</param>
    /// <param name="approved">The number of vanishing objects that a person approved; null if nobody did.</param>
    /// <param name="isLastCall">Whether the time for late records is over.</param>
    /// <param name="links">All links of the destination.</param>
    /// <param name="isNamed">Whether this run or a later one names a key.</param>
    public static RunVerdict Of(SyncRules rules, int records, int withoutKey, int expected, int? approved, bool isLastCall, IEnumerable<(UInt128 Key, Link Link)> links, Func<UInt128, bool> isNamed, DateTimeOffset now)
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

        var why = vanished.Count == 0 || approved == vanished.Count ? null
            : withoutKey > 0 ? string.Create(CultureInfo.InvariantCulture, $"{withoutKey} {(withoutKey == 1 ? "record has" : "records have")} no key and may belong to them")
            : vanished.Count > rules.Limits.Most(active) ? string.Create(CultureInfo.InvariantCulture, $"the limits permit {rules.Limits.Most(active)}")
            : null;
        return why is null ? new RunVerdict(RunState.Done, vanished, expired) : new RunVerdict(RunState.Blocked, vanished, [], why);
    }
}
