namespace ClockifyFunctions.RateLimiting;

/// <summary>
/// How late the calls to one server may arrive. The limits hold for arrivals, and a server that hangs says nothing about the arrivals at
/// another, so each server of a credential has this of its own. See <see cref="Pacer"/>.
/// </summary>
internal sealed class HostArrivals(TimeSpan fullCredit)
{
    private const int CallsPerSample = 64, CallsUntilTrusted = 32;

    private readonly LinkedList<Permit> _recent = [];
    private TimeSpan _fastest = TimeSpan.MaxValue, _fastestOfSample = TimeSpan.MaxValue;
    private int _inSample, _completed;

    /// <summary>How long calls may still be delayed because of the lateness of others.</summary>
    public TimeSpan Credit { get; set; } = fullCredit;

    public LinkedList<Permit> Recent => _recent;

    public void Completed(TimeSpan roundTrip)
    {
        _fastestOfSample = roundTrip < _fastestOfSample ? roundTrip : _fastestOfSample;
        _fastest = roundTrip < _fastest ? roundTrip : _fastest;
        if (_completed < CallsUntilTrusted) _completed++;
        if (++_inSample < CallsPerSample) return;
        // Routes change: forget a fastest round trip that nothing has come near for a whole sample.
        (_fastest, _fastestOfSample, _inSample) = (_fastestOfSample, TimeSpan.MaxValue, 0);
    }

    /// <summary>How much later than the fastest call a call may have arrived, or may yet arrive.</summary>
    public TimeSpan LatenessOf(Permit permit, TimeSpan now)
    {
        // A few answers, all of them late perhaps, tell nothing about the way. Then a call arrived before its answer did, no more.
        var fastest = _completed < CallsUntilTrusted ? TimeSpan.Zero : _fastest;
        return (permit.RoundTrip ?? now - permit.At) - fastest;
    }
}
