namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>What the host does after a worker process has ended.</summary>
internal enum AfterExit
{
    Restart,

    /// <summary>Restart after the restart interval; invocations wait meanwhile.</summary>
    RestartLater,

    /// <summary>No restart: invocations go on being sent to the worker that ended, and wait until functionTimeout.</summary>
    StayDown,
    StopHost,
}
