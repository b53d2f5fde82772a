namespace ClockifyFunctions.LocalHost.FunctionsHost.Handler;

internal enum AfterExit
{
    Restart,

    /// <summary>As in Azure, the app stays up with a dead handler and every call fails.</summary>
    StayDown,
    StopHost,
}
