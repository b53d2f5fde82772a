using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Calls by second.</summary>
internal sealed class GetMetrics(StatusApi api)
{
    [Function(nameof(GetMetrics))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "metrics")] HttpRequest request) => api.MetricsAsync(request, request.HttpContext.RequestAborted);
}
