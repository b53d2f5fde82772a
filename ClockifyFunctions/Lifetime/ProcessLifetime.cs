namespace ClockifyFunctions.Lifetime;

/// <summary>Registers the services that connect the lifetime of the worker process to its host.</summary>
internal static class ProcessLifetime
{
    /// <summary>Maximum duration of a stop. One second less than the host waits before it kills the worker.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(4);

    public static IServiceCollection AddProcessLifetime(this IServiceCollection services) => services
        .Configure<HostOptions>(options => options.ShutdownTimeout = StopWithin)
        .AddHostedService<ParentWatch>()
        // Hosted services stop in reverse order. While this service waits, the connection to the host and the HTTP server still work.
        .AddHostedService(provider => provider.GetRequiredService<RunningInvocations>());
}
