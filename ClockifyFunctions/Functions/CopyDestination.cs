using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Copies a destination.</summary>
internal sealed class CopyDestination(DestinationsApi api)
{
    [Function(nameof(CopyDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/copy")] HttpRequest request, string id) => api.CopyAsync(id, request, request.HttpContext.RequestAborted);
}
