namespace ClockifyFunctions.Lifetime;

/// <summary>The exit code of the worker process.</summary>
internal static class ProcessExit
{
    /// <summary>
    /// The Functions host starts another worker and counts no error. After exit code 0 it would start none: it would go on sending invocations to the
    /// dead worker, and they would never end. See <c>WorkerProcess</c> in the host's sources.
    /// </summary>
    private const int StartAnother = 200;

    /// <summary>What <c>Main</c> returns after an orderly stop. Where the host asked for the stop, it ignores the code.</summary>
    public static int Code => Environment.ExitCode != 0 ? Environment.ExitCode : StartAnother;
}
