namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>How a limit counts. Which of them the real service uses is unknown; whoever passes the strictest passes all.</summary>
internal enum WindowKind
{
    /// <summary>In any stretch of the window's length, wherever it begins. The strictest.</summary>
    Sliding,

    /// <summary>In each window by itself: one begins where the other ends, so two bursts may meet at the border.</summary>
    Fixed,

    /// <summary>A bucket of that many tokens, refilled evenly over the window's length: a full burst, then the rate.</summary>
    Bucket,
}
