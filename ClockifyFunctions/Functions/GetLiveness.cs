using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Whether the process runs. Needs no key, so that a load balancer can ask.</summary>
internal sealed class GetLiveness
{
    [Function(nameof(GetLiveness))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) => Results.Text("{}", "application/json");
}
