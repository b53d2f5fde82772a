namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>extensions.serviceBus of host.json; defaults as in extension 5.x.</summary>
/// <param name="MaxAutoLockRenewal">Single dispatch only; infinite when negative in host.json.</param>
internal sealed record QueueSettings(
    int MaxConcurrentCalls, int MaxMessageBatchSize, TimeSpan MaxAutoLockRenewal, int PrefetchCount);
