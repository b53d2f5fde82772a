using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>All destinations.</summary>
internal sealed class ListDestinations(DestinationsApi api)
{
    [Function(nameof(ListDestinations))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "destinations")] HttpRequest request) => api.ListAsync(request, request.HttpContext.RequestAborted);
}
