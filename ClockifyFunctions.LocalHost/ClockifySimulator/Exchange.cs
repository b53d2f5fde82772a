namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>The caller, body, fault and ledger entry of a request, for the endpoint that handles it.</summary>
internal sealed record Exchange(LedgerCall Call, Fault Fault, SimulatedKey Caller, string Body)
{
    public static Exchange Of(HttpContext context) => context.Features.Get<Exchange>()!;
}
