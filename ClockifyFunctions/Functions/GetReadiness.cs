using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Readiness probe: whether storage responds.</summary>
internal sealed class GetReadiness(StatusApi api)
{
    [Function(nameof(GetReadiness))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "health/ready")] HttpRequest request) => api.ReadyAsync(request.HttpContext.RequestAborted);
}
