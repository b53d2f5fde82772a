namespace ClockifyFunctions.RateLimiting;

/// <summary>
/// How late the calls to one API host may arrive. The limits hold for arrivals, and a host that hangs says nothing about the arrivals at
/// another host, so a credential has one of these per host. See <see cref="Pacer"/>.
/// </summary>
internal sealed class HostArrivals(TimeSpan fullCredit)
{
    private const int CallsPerSample = 64, CallsUntilTrusted = 32;

    private readonly LinkedList<Permit> _recent = [];
    private TimeSpan _fastest = TimeSpan.MaxValue, _fastestOfSample = TimeSpan.MaxValue;
    private int _inSample, _completed;

    /// <summary>The time that calls may still wait because of the lateness of other calls.</summary>
    public TimeSpan Credit { get; set; } = fullCredit;

    public LinkedList<Permit> Recent => _recent;

    public void Completed(TimeSpan roundTrip)
    {
        _fastestOfSample = roundTrip < _fastestOfSample ? roundTrip : _fastestOfSample;
        _fastest = roundTrip < _fastest ? roundTrip : _fastest;
        if (_completed < CallsUntilTrusted) _completed++;
        if (++_inSample < CallsPerSample) return;
        // The network route may change. A fastest round trip older than a whole sample is forgotten.
        (_fastest, _fastestOfSample, _inSample) = (_fastestOfSample, TimeSpan.MaxValue, 0);
    }

    /// <summary>The longest time by which a call may have arrived, or may still arrive, later than the fastest call.</summary>
    public TimeSpan LatenessOf(Permit permit, TimeSpan now)
    {
        // After few answers the fastest round trip is not known. Then the only bound is that a call arrived before its answer.
        var fastest = _completed < CallsUntilTrusted ? TimeSpan.Zero : _fastest;
        return (permit.RoundTrip ?? now - permit.At) - fastest;
    }
}
