namespace ClockifyFunctions.Lifetime;

/// <summary>Registers what keeps the worker process in step with its host.</summary>
internal static class ProcessLifetime
{
    /// <summary>One second less than the host waits before it kills the worker.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(4);

    public static IServiceCollection AddProcessLifetime(this IServiceCollection services) => services
        .Configure<HostOptions>(options => options.ShutdownTimeout = StopWithin)
        .AddHostedService<ParentWatch>()
        // Hosted services stop in reverse order: while this one waits, the connection to the host and the HTTP server still work.
        .AddHostedService(provider => provider.GetRequiredService<RunningInvocations>());
}
