namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>At most <paramref name="Permits"/> arrivals in any half-open sliding window of this length.</summary>
internal sealed record RateWindow(int Permits, TimeSpan Length)
{
    public static RateWindow PerSecond(int permits) => new(permits, TimeSpan.FromSeconds(1));

    public static RateWindow PerHour(int permits) => new(permits, TimeSpan.FromHours(1));

    /// <summary>The length in units of <see cref="TimeProvider.GetTimestamp"/>; integer, so "exactly one second" is exact.</summary>
    public static long InTimestampUnits(TimeSpan length, long frequency) =>
        (long)((Int128)length.Ticks * frequency / TimeSpan.TicksPerSecond);
}
