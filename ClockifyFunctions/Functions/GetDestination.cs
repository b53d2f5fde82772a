using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>One destination, with its ETag.</summary>
internal sealed class GetDestination(DestinationsApi api)
{
    [Function(nameof(GetDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "destinations/{id}")] HttpRequest request, string id) => api.GetAsync(id, request.HttpContext.Response, request.HttpContext.RequestAborted);
}
