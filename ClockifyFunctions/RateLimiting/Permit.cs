namespace ClockifyFunctions.RateLimiting;

/// <summary>The right to make one call, and when it was given.</summary>
internal sealed class Permit(TimeSpan at)
{
    /// <summary>On the gate's monotonic clock.</summary>
    public TimeSpan At { get; } = at;

    /// <summary>Null while the call is in flight.</summary>
    public TimeSpan? RoundTrip { get; set; }
}
