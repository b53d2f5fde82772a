namespace ClockifyFunctions.Lifetime;

/// <summary>Registers the services that connect the lifetime of the worker process to its host.</summary>
internal static class ProcessLifetime
{
    /// <summary>
    /// Maximum duration of a stop, unless the setting <c>shutdownTimeoutSeconds</c> of the .NET host is given. One second less than the Functions host waits
    /// before it kills the worker.
    /// </summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(4);

    private const string HostTimeout = "shutdownTimeoutSeconds";

    public static IServiceCollection AddProcessLifetime(this IServiceCollection services) => services
        .AddOptions<HostOptions>().Configure((HostOptions options, IConfiguration configuration) =>
        {
            if (configuration[HostTimeout] is null) options.ShutdownTimeout = StopWithin;
        }).Services
        .AddHostedService<ParentWatch>()
        // Hosted services stop in reverse order. While this service waits, the connection to the host and the HTTP server still work.
        .AddHostedService(provider => provider.GetRequiredService<RunningInvocations>());
}
