using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Creates a destination, or replaces its config.</summary>
internal sealed class PutDestination(DestinationsApi api)
{
    [Function(nameof(PutDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "put", Route = "destinations/{id}")] HttpRequest request, string id) => api.PutAsync(id, request, request.HttpContext.RequestAborted);
}
