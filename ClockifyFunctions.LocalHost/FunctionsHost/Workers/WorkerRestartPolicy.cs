namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>Decides what follows the end of a worker process, by its exit code and the errors before.</summary>
/// <param name="alwaysRestart">Restart at once after every error.</param>
internal sealed class WorkerRestartPolicy(bool alwaysRestart)
{
    private const int ErrorLimit = 3;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private int _errors;
    private DateTimeOffset _lastError;

    /// <param name="exitCode">Null: the worker did not become ready.</param>
    public AfterExit Decide(int? exitCode, DateTimeOffset now)
    {
        if (exitCode == 0) return AfterExit.StayDown;
        // The worker asks for a restart; the host does not count it as an error.
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
