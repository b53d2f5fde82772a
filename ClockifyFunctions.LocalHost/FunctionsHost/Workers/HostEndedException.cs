namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>The host ended before the worker responded to a request.</summary>
internal sealed class HostEndedException() : Exception("The host ended.");
