using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Deletes a destination.</summary>
internal sealed class DeleteDestination(DestinationsApi api)
{
    [Function(nameof(DeleteDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "delete", Route = "destinations/{id}")] HttpRequest request, string id) => api.DeleteAsync(id, request, request.HttpContext.RequestAborted);
}
