using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Approves the vanishing objects of a blocked run.</summary>
internal sealed class ApproveRun(RunsApi api)
{
    [Function(nameof(ApproveRun))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/runs/{run}/approve")] HttpRequest request, string id, string run) => api.ApproveAsync(id, run, request, request.HttpContext.RequestAborted);
}
