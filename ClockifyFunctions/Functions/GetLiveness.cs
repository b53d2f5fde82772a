using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Liveness probe. It needs no key, so that load balancers can use it.</summary>
internal sealed class GetLiveness
{
    [Function(nameof(GetLiveness))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) => Results.Text("{}", "application/json");
}
