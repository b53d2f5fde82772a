using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Stops sending the records of a destination.</summary>
internal sealed class PauseDestination(DestinationsApi api)
{
    [Function(nameof(PauseDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/pause")] HttpRequest request, string id) => api.SetStateAsync(id, DestinationState.Paused, request.HttpContext.RequestAborted);
}
