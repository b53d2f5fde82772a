using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.RateLimiting;

/// <summary>
/// When may the next call leave? Pure arithmetic on one monotonic clock; <see cref="Gate"/> does the waiting.
/// </summary>
/// <remarks>
/// Two rules, and the later one wins:
/// <list type="number">
/// <item>Even spacing over the shortest window, by schedule: a permit taken a moment late does not delay the ones after it. Of a second at
/// most: over an hour it would keep records waiting for nothing.</item>
/// <item>For every window of n permits: the call n places back plus the period plus that call's <em>lateness</em>. What counts
/// is when calls arrive, and a call can linger on its way. Its round trip bounds that: it arrived at most (round trip - fastest
/// round trip) later than the fastest call would have. So the rule holds for the arrivals and not only for the departures,
/// without assuming anything about the network.</item>
/// </list>
/// Believing lateness costs rate, and a server may simply be slow now and then. So there is a <em>credit</em> of delay: every call
/// earns its allowance, and a call that waits for the sake of another's lateness spends exactly what it waits. A stall of seconds
/// is believed in full; a server whose answers always vary widely costs in the long run no more of the rate than the allowance. The
/// allowance is what learns: 10 % of the even spacing at first, less a thousandth with each clean call to 3 % at least, doubled by a
/// 429 to 25 % at most. The credit is full at first and after a 429: ten times the shortest period.
/// </remarks>
internal sealed class Pacer
{
    /// <summary>Timers and clocks are no finer than this, and the way there varies by as much without the round trip showing it.</summary>
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan LongestSpacing = TimeSpan.FromSeconds(1);

    /// <summary>Parts of the even spacing, earned per call.</summary>
    private const double AllowanceAtFirst = 0.10, AllowanceAtLeast = 0.03, AllowanceAtMost = 0.25;

    /// <summary>Times the shortest period.</summary>
    private const double CreditAtMost = 10;

    private readonly RateWindow[] _windows;
    private readonly LinkedList<Permit> _recent = [];

    /// <summary>By server: lateness at one says nothing about another.</summary>
    private readonly Dictionary<string, HostArrivals> _hosts = new(StringComparer.Ordinal);
    private readonly int _remembered;
    private double _allowance = AllowanceAtFirst;
    private TimeSpan _scheduled = TimeSpan.Zero;
    private TimeSpan _pausedUntil = TimeSpan.Zero;

    public Pacer(IEnumerable<RateWindow> windows)
    {
        _windows = [.. windows.OrderBy(window => window.Period)];
        _remembered = _windows.Max(window => window.Permits);
    }

    /// <summary>The earliest moment at which the next call may leave; at or before <paramref name="now"/> means at once.</summary>
    /// <param name="host">The server that the call is for.</param>
    public TimeSpan NextAt(TimeSpan now, string host = "")
    {
        var punctual = IfAllWerePunctual();
        return _hosts.TryGetValue(host, out var arrivals) ? Min(IfAllLatenessIsBelieved(arrivals, now, punctual), punctual + arrivals.Credit) : punctual;
    }

    /// <summary>Takes the permit that <see cref="NextAt"/> allows.</summary>
    public Permit Take(TimeSpan now, string host = "")
    {
        var planned = NextAt(now, host);
        if (!_hosts.TryGetValue(host, out var arrivals)) _hosts[host] = arrivals = new HostArrivals(FullCredit);
        arrivals.Credit = Min(arrivals.Credit - (planned - IfAllWerePunctual()) + (Spacing * _allowance), FullCredit);
        // A schedule kept within one spacing catches up; after a pause it starts afresh, so that no burst follows.
        _scheduled = now - planned < Spacing ? planned : now;
        var permit = new Permit(now, host);
        Remember(permit, _recent);
        Remember(permit, arrivals.Recent);
        return permit;
    }

    /// <summary>The call of this permit was answered (or given up) at <paramref name="now"/>.</summary>
    public void Completed(Permit permit, TimeSpan now)
    {
        permit.RoundTrip = now - permit.At;
        _hosts[permit.Host!].Completed(permit.RoundTrip.Value);
        _allowance = Math.Max(AllowanceAtLeast, _allowance * 0.999);
    }

    /// <summary>No call was made with this permit: it counts as used, and says nothing of how long calls take.</summary>
    public static void GivenUp(Permit permit) => permit.RoundTrip = TimeSpan.Zero;

    /// <summary>The API said 429: nothing leaves for <paramref name="pause"/>, and more lateness is believed from now on.</summary>
    public void Penalise(TimeSpan now, TimeSpan pause)
    {
        _pausedUntil = Max(_pausedUntil, now + pause);
        _allowance = Math.Min(AllowanceAtMost, _allowance * 2);
        foreach (var arrivals in _hosts.Values) arrivals.Credit = FullCredit;
    }

    /// <summary>What the next holder has to know, as ages at <paramref name="now"/>: youngest last.</summary>
    public PacerState Save(TimeSpan now)
    {
        var longest = _windows[^1].Period;
        var ages = _recent
            .Select(permit => now - permit.At - (permit.RoundTrip ?? now - permit.At))
            .Where(age => age < longest)
            .Select(age => Max(age, TimeSpan.Zero));
        return new PacerState([.. ages], Max(_pausedUntil - now, TimeSpan.Zero));
    }

    /// <summary>Goes on from a holder that left properly; <paramref name="elapsed"/> is a lower bound of the time since.</summary>
    public void Restore(PacerState state, TimeSpan now, TimeSpan elapsed)
    {
        foreach (var age in state.Ages) Remember(new Permit(now - age - elapsed) { RoundTrip = TimeSpan.Zero }, _recent);
        if (_recent.Last is { } last) _scheduled = last.Value.At;
        if (state.Pause > elapsed) _pausedUntil = now + state.Pause - elapsed;
    }

    /// <summary>Goes on from a holder that vanished: it may have used this many permits up to <paramref name="now"/>.</summary>
    public void AssumeUsed(int permits, TimeSpan now)
    {
        if (permits <= 0) return;
        _scheduled = now;
        for (var permit = 0; permit < Math.Min(permits, _remembered); permit++) Remember(new Permit(now) { RoundTrip = TimeSpan.Zero }, _recent);
    }

    private TimeSpan Spacing => Min(_windows[0].Period / _windows[0].Permits, LongestSpacing);

    private TimeSpan FullCredit => _windows[0].Period * CreditAtMost;

    private TimeSpan IfAllWerePunctual()
    {
        var next = _pausedUntil;
        if (_recent.Count > 0) next = Max(next, _scheduled + Spacing);
        foreach (var window in _windows)
            if (_recent.Count >= window.Permits) next = Max(next, Back(_recent, window.Permits).At + window.Period + Floor);
        return next;
    }

    private TimeSpan IfAllLatenessIsBelieved(HostArrivals arrivals, TimeSpan now, TimeSpan next)
    {
        foreach (var window in _windows)
            if (arrivals.Recent.Count >= window.Permits && Back(arrivals.Recent, window.Permits) is var earlier) next = Max(next, earlier.At + window.Period + Floor + arrivals.LatenessOf(earlier, now));
        return next;
    }

    private void Remember(Permit permit, LinkedList<Permit> recent)
    {
        recent.AddLast(permit);
        // Where a limit is far away, most are of no consequence any more when the number is reached.
        while (recent.Count > _remembered || (recent.Count > 1 && IsOver(recent.First!.Value, permit.At))) recent.RemoveFirst();
    }

    /// <summary>However late it arrived, no window holds it.</summary>
    private bool IsOver(Permit permit, TimeSpan now) => permit.RoundTrip is { } roundTrip && permit.At + roundTrip + _windows[^1].Period + Floor < now;

    private static Permit Back(LinkedList<Permit> recent, int places)
    {
        if (places == recent.Count) return recent.First!.Value;
        var node = recent.Last!;
        while (--places > 0) node = node.Previous!;
        return node.Value;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
