using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Creates the name of a new run of a destination that synchronizes.</summary>
internal sealed class OpenRun(RunsApi api)
{
    [Function(nameof(OpenRun))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/runs")] HttpRequest request, string id) => api.OpenAsync(id, request.HttpContext.RequestAborted);
}
