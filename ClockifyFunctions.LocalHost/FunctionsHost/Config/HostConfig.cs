namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <param name="FunctionTimeout"><see cref="Timeout.InfiniteTimeSpan"/> when host.json says -1.</param>
internal sealed record HostConfig(TimeSpan FunctionTimeout, string RoutePrefix, QueueSettings ServiceBus);
