namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>The section extensions.serviceBus of host.json. Defaults are those of extension 5.x.</summary>
/// <param name="MaxAutoLockRenewal">Applies to single dispatch only. A negative value in host.json means infinite.</param>
internal sealed record QueueSettings(
    int MaxConcurrentCalls, int MaxMessageBatchSize, TimeSpan MaxAutoLockRenewal, int PrefetchCount);
