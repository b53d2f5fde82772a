using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Shows what records would create, change and archive.</summary>
internal sealed class PlanRecords(SyncApi api)
{
    [Function(nameof(PlanRecords))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/plan")] HttpRequest request, string id) => api.PlanAsync(id, request, request.HttpContext.RequestAborted);
}
