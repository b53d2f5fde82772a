namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>The worker process ended before it answered a request.</summary>
internal sealed class WorkerLostException(string reason) : Exception(reason);
