namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>What the host does after a worker process has ended.</summary>
internal enum AfterExit
{
    Restart,

    /// <summary>Restart after the restart interval. Invocations wait until then.</summary>
    RestartLater,

    /// <summary>No restart. The host still sends invocations to the worker that ended; they wait until functionTimeout.</summary>
    StayDown,
    StopHost,
}
