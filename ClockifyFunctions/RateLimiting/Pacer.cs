using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.RateLimiting;

/// <summary>
/// Computes when the next call may leave. Pure arithmetic on one monotonic clock; <see cref="Gate"/> waits.
/// </summary>
/// <remarks>
/// Two rules; the later time applies:
/// <list type="number">
/// <item>Even spacing over the shortest window, at most one second. Spacing follows a schedule: a permit that is taken a moment late does not delay the permits after it.</item>
/// <item>For every window of n permits: the time of the call n places back, plus the period, plus the <em>lateness</em> of that call. The API counts
/// arrivals, and the network may delay a call. The round trip bounds the delay: the call arrived at most (round trip - fastest
/// round trip) later than the fastest call would have. So the limit holds for the arrivals, without an assumption about the network.</item>
/// </list>
/// A long round trip may also come from a slow server; then waiting for its lateness wastes rate. Therefore the waiting is limited by a <em>credit</em>: each call
/// adds an allowance to the credit, and a call that waits because of another call's lateness spends the time it waits. A pause of the network of several seconds
/// is covered in full; a server whose response times always vary costs no more of the rate than the allowance. The
/// allowance is a part of the even spacing: 10 % at first, reduced by a thousandth of itself with each answered call down to 3 %, and doubled by a
/// 429 up to 25 %. The credit is full at first and after a 429: ten times the shortest period.
/// </remarks>
internal sealed class Pacer
{
    /// <summary>The resolution of timers and clocks. The travel time of a request varies by as much without a visible effect on the round trip.</summary>
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan LongestSpacing = TimeSpan.FromSeconds(1);

    /// <summary>The part of the even spacing that each call adds to the credit.</summary>
    private const double AllowanceAtFirst = 0.10, AllowanceAtLeast = 0.03, AllowanceAtMost = 0.25;

    /// <summary>In shortest periods.</summary>
    private const double CreditAtMost = 10;

    private readonly RateWindow[] _windows;
    private readonly LinkedList<Permit> _recent = [];

    /// <summary>One entry per API host, because the lateness of calls to one host says nothing about another.</summary>
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

    /// <summary>The earliest time at which the next call may leave. A time at or before <paramref name="now"/> means at once.</summary>
    /// <param name="host">The API host that the call is for.</param>
    public TimeSpan NextAt(TimeSpan now, string host = "")
    {
        var punctual = WithoutLateness();
        return _hosts.TryGetValue(host, out var arrivals) ? Min(WithLateness(arrivals, now, punctual), punctual + arrivals.Credit) : punctual;
    }

    /// <summary>Takes the permit that <see cref="NextAt"/> allows.</summary>
    public Permit Take(TimeSpan now, string host = "")
    {
        var planned = NextAt(now, host);
        if (!_hosts.TryGetValue(host, out var arrivals)) _hosts[host] = arrivals = new HostArrivals(FullCredit);
        arrivals.Credit = Min(arrivals.Credit - (planned - WithoutLateness()) + (Spacing * _allowance), FullCredit);
        // A permit that is less than one spacing late keeps the schedule. After a longer pause the schedule begins again, so that no burst follows.
        _scheduled = now - planned < Spacing ? planned : now;
        var permit = new Permit(now, host);
        Remember(permit, _recent);
        Remember(permit, arrivals.Recent);
        return permit;
    }

    /// <summary>The call of this permit was answered or cancelled at <paramref name="now"/>.</summary>
    public void Completed(Permit permit, TimeSpan now)
    {
        permit.RoundTrip = now - permit.At;
        _hosts[permit.Host!].Completed(permit.RoundTrip.Value);
        _allowance = Math.Max(AllowanceAtLeast, _allowance * 0.999);
    }

    /// <summary>The API answered 429. No call leaves for <paramref name="pause"/>. The allowance doubles, up to 25 %, and the credit of each host is full again.</summary>
    public void Pause(TimeSpan now, TimeSpan pause)
    {
        _pausedUntil = Max(_pausedUntil, now + pause);
        _allowance = Math.Min(AllowanceAtMost, _allowance * 2);
        foreach (var arrivals in _hosts.Values) arrivals.Credit = FullCredit;
    }

    /// <summary>The history for the next holder, as ages at <paramref name="now"/>, youngest last.</summary>
    public PacerState Save(TimeSpan now)
    {
        var longest = _windows[^1].Period;
        var ages = _recent
            .Select(permit => now - permit.At - (permit.RoundTrip ?? now - permit.At))
            .Where(age => age < longest)
            .Select(age => Max(age, TimeSpan.Zero));
        return new PacerState([.. ages], Max(_pausedUntil - now, TimeSpan.Zero));
    }

    /// <summary>Continues the history of a holder that released the gate. <paramref name="elapsed"/> is a lower bound of the time since then.</summary>
    public void Restore(PacerState state, TimeSpan now, TimeSpan elapsed)
    {
        foreach (var age in state.Ages) Remember(new Permit(now - age - elapsed) { RoundTrip = TimeSpan.Zero }, _recent);
        if (_recent.Last is { } last) _scheduled = last.Value.At;
        if (state.Pause > elapsed) _pausedUntil = now + state.Pause - elapsed;
    }

    /// <summary>Continues after a holder that was killed. It may have used this many permits up to <paramref name="now"/>.</summary>
    public void AssumeUsed(int permits, TimeSpan now)
    {
        if (permits <= 0) return;
        _scheduled = now;
        for (var permit = 0; permit < Math.Min(permits, _remembered); permit++) Remember(new Permit(now) { RoundTrip = TimeSpan.Zero }, _recent);
    }

    private TimeSpan Spacing => Min(_windows[0].Period / _windows[0].Permits, LongestSpacing);

    private TimeSpan FullCredit => _windows[0].Period * CreditAtMost;

    private TimeSpan WithoutLateness()
    {
        var next = _pausedUntil;
        if (_recent.Count > 0) next = Max(next, _scheduled + Spacing);
        foreach (var window in _windows)
            if (_recent.Count >= window.Permits) next = Max(next, Back(_recent, window.Permits).At + window.Period + Floor);
        return next;
    }

    private TimeSpan WithLateness(HostArrivals arrivals, TimeSpan now, TimeSpan next)
    {
        foreach (var window in _windows)
            if (arrivals.Recent.Count >= window.Permits && Back(arrivals.Recent, window.Permits) is var earlier) next = Max(next, earlier.At + window.Period + Floor + arrivals.LatenessOf(earlier, now));
        return next;
    }

    private void Remember(Permit permit, LinkedList<Permit> recent)
    {
        recent.AddLast(permit);
        // Also remove permits that no window can contain any more, even if fewer than _remembered are kept.
        while (recent.Count > _remembered || (recent.Count > 1 && IsOver(recent.First!.Value, permit.At))) recent.RemoveFirst();
    }

    /// <summary>Whether no window holds the call any more, even if it arrived at the latest possible time.</summary>
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
