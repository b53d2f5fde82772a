namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>What <see cref="FrontDoor"/> found out about a request, for the endpoint and its answer.</summary>
internal sealed record Exchange(LedgerCall Call, Fault Fault, SimulatedKey Caller, string Body)
{
    public static Exchange Of(HttpContext context) => context.Features.Get<Exchange>()!;
}
