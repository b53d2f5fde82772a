namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>The host ended before a worker answered a request.</summary>
internal sealed class HostEndedException() : Exception("The host ended.");
