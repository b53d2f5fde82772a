namespace ClockifyFunctions.Lifetime;

/// <summary>The exit code of the worker process.</summary>
internal static class ProcessExit
{
    /// <summary>
    /// With this exit code the Functions host starts another worker and counts no error. With exit code 0 it would not start one: it would continue to send
    /// invocations to the ended worker, and they would never complete. See <c>WorkerProcess</c> in the sources of the host.
    /// </summary>
    private const int StartAnother = 200;

    /// <summary>The return value of <c>Main</c> after an orderly stop. If the host requested the stop, it ignores the code.</summary>
    public static int Code => Environment.ExitCode != 0 ? Environment.ExitCode : StartAnother;
}
