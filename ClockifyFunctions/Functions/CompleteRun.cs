using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Completes a run: all its records have been sent.</summary>
internal sealed class CompleteRun(RunsApi api)
{
    [Function(nameof(CompleteRun))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/runs/{run}/complete")] HttpRequest request, string id, string run) => api.CompleteAsync(id, run, request, request.HttpContext.RequestAborted);
}
