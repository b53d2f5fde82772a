namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>The content of worker.config.json, which tells how to start the worker process.</summary>
/// <param name="WorkerPath">The assembly or program that the executable runs. Relative to the app folder.</param>
/// <param name="StartupTimeout">Maximum time from the start of the process to its first message.</param>
/// <param name="InitializationTimeout">Maximum time for the response to the initialization request.</param>
/// <param name="RestartInterval">The pause before the second restart after an error. The first restart has none.</param>
/// <param name="ShutdownTimeout">How long a host that stops waits for running invocations before it terminates the worker.</param>
internal sealed record WorkerConfig(
    string Executable, IReadOnlyList<string> Arguments, string WorkerPath,
    TimeSpan StartupTimeout, TimeSpan InitializationTimeout, TimeSpan RestartInterval, TimeSpan ShutdownTimeout)
{
    public const string Runtime = "dotnet-isolated";
}
