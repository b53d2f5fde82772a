namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>Decides what the host does after a worker process has ended, based on the exit code and the earlier errors.</summary>
/// <param name="alwaysRestart">Restart immediately after every error.</param>
internal sealed class WorkerRestartPolicy(bool alwaysRestart)
{
    private const int ErrorLimit = 3;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private int _errors;
    private DateTimeOffset _lastError;

    /// <param name="exitCode">Null if the worker did not become ready.</param>
    public AfterExit Decide(int? exitCode, DateTimeOffset now)
    {
        if (exitCode == 0) return AfterExit.StayDown;
        // With exit code 200 the worker requests a restart. The host does not count it as an error.
        if (exitCode == 200 || alwaysRestart) return AfterExit.Restart;
        if (now - _lastError > Memory) _errors = 0;
        _lastError = now;
        return ++_errors switch
        {
            >= ErrorLimit => AfterExit.StopHost,
            1 => AfterExit.Restart,
            _ => AfterExit.RestartLater,
        };
    }
}
