namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>A worker process did not become ready.</summary>
internal sealed class WorkerStartException(string reason) : InvalidOperationException(reason);
