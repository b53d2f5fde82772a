using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Sends one request with the credential of a destination.</summary>
internal sealed class TestDestination(TestApi api)
{
    [Function(nameof(TestDestination))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/test")] HttpRequest request, string id) => api.TestDestinationAsync(id, request, request.HttpContext.RequestAborted);
}
