using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Sends one request.</summary>
internal sealed class TestRequest(TestApi api)
{
    [Function(nameof(TestRequest))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "test")] HttpRequest request) => api.TestAsync(request, request.HttpContext.RequestAborted);
}
