namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>The worker process ended before it responded to a request.</summary>
internal sealed class WorkerLostException(string reason) : Exception(reason);
