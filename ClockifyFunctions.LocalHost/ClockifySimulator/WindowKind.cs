namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>How a limit counts. The kind of the real service is unknown. A client that keeps the strictest kind keeps all of them.</summary>
internal enum WindowKind
{
    /// <summary>Counts in every interval of the length of the window. This is the strictest kind.</summary>
    Sliding,

    /// <summary>Counts in consecutive windows. Two bursts are possible around the end of a window.</summary>
    Fixed,

    /// <summary>A token bucket of this size, refilled evenly over the length of the window.</summary>
    Bucket,
}
