using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>The runs of a destination, the latest first.</summary>
internal sealed class ListRuns(RunsApi api)
{
    [Function(nameof(ListRuns))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "destinations/{id}/runs")] HttpRequest request, string id) => api.ListAsync(id, request, request.HttpContext.RequestAborted);
}
