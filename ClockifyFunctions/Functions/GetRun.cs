using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>The state of a run.</summary>
internal sealed class GetRun(RunsApi api)
{
    [Function(nameof(GetRun))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "destinations/{id}/runs/{run}")] HttpRequest request, string id, string run) => api.GetAsync(id, run, request.HttpContext.RequestAborted);
}
