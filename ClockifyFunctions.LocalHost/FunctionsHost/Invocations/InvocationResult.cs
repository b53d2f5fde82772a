namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>How an invocation ended. Failure is the reason to log; null means success.</summary>
internal sealed record InvocationResult(string? Failure)
{
    public static readonly InvocationResult Success = new(default(string));

    public bool Succeeded => Failure is null;
}
