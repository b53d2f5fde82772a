using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Finds lost links again.</summary>
internal sealed class RelinkDestination(SyncApi api)
{
    [Function(nameof(RelinkDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/relink")] HttpRequest request, string id) => api.RelinkAsync(id, request, request.HttpContext.RequestAborted);
}
