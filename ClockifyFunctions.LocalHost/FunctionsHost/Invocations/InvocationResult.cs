namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>How an invocation ended.</summary>
internal abstract record InvocationResult
{
    private InvocationResult()
    {
    }

    public sealed record Succeeded : InvocationResult;

    /// <summary>The function failed, the worker ended, or functionTimeout passed. The listener abandons the messages.</summary>
    public sealed record Failed(string Reason) : InvocationResult;

    /// <summary>The host ended before the worker answered. The listener does not settle the messages.</summary>
    public sealed record CutOff : InvocationResult;
}
