namespace ClockifyFunctions.RateLimiting;

/// <summary>The right to make one call, and the time at which it was issued.</summary>
/// <param name="host">The API host that the call is for; null for a call of an earlier holder.</param>
internal sealed class Permit(TimeSpan at, string? host = null)
{
    public string? Host { get; } = host;

    /// <summary>The time of issue on the monotonic clock of the process.</summary>
    public TimeSpan At { get; } = at;

    /// <summary>Null while the call is in flight.</summary>
    public TimeSpan? RoundTrip { get; set; }
}
