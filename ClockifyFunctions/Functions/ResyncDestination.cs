using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Deletes the hashes of all delivered records, so that each record is sent again when it arrives.</summary>
internal sealed class ResyncDestination(SyncApi api)
{
    [Function(nameof(ResyncDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/resync")] HttpRequest request, string id) => api.ResyncAsync(id, request.HttpContext.RequestAborted);
}
