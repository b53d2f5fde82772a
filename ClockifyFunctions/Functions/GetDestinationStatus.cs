using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>The status of a destination: waiting records, finished records, and the last error.</summary>
internal sealed class GetDestinationStatus(StatusApi api)
{
    [Function(nameof(GetDestinationStatus))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "destinations/{id}/status")] HttpRequest request, string id) => api.OfDestinationAsync(id, request, request.HttpContext.RequestAborted);
}
