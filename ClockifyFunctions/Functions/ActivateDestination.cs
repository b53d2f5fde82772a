using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Starts to send the records of a destination.</summary>
internal sealed class ActivateDestination(DestinationsApi api)
{
    [Function(nameof(ActivateDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/activate")] HttpRequest request, string id) => api.SetStateAsync(id, DestinationState.Active, request.HttpContext.RequestAborted);
}
