namespace ClockifyFunctions.RateLimiting;

/// <summary>The right to make one call, and when it was given.</summary>
/// <param name="host">The server that the call is for; null for a call of an earlier holder.</param>
internal sealed class Permit(TimeSpan at, string? host = null)
{
    public string? Host { get; } = host;

    /// <summary>On the gate's monotonic clock.</summary>
    public TimeSpan At { get; } = at;

    /// <summary>Null while the call is in flight.</summary>
    public TimeSpan? RoundTrip { get; set; }
}
