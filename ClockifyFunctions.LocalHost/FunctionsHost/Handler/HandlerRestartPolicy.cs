namespace ClockifyFunctions.LocalHost.FunctionsHost.Handler;

/// <summary>Decides what follows the end of a handler process: the exit table in section 2 of the protocol.</summary>
/// <param name="limit">The counted error that stops the host.</param>
internal sealed class HandlerRestartPolicy(int limit)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private int errors;
    private DateTimeOffset lastError;

    /// <param name="exitCode">Null: the process was not ready in time.</param>
    public AfterExit Decide(int? exitCode, DateTimeOffset now)
    {
        switch (exitCode)
        {
            case 0: return AfterExit.StayDown;
            case 200: return AfterExit.Restart;
        }

        if (now - lastError > Memory) errors = 0;
        lastError = now;
        return ++errors >= limit ? AfterExit.StopHost : AfterExit.Restart;
    }
}
