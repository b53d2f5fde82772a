using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Deletes the stored content of delivered records, so that all records are sent again.</summary>
internal sealed class ResyncDestination(SyncApi api)
{
    [Function(nameof(ResyncDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/resync")] HttpRequest request, string id) => api.ResyncAsync(id, request.HttpContext.RequestAborted);
}
