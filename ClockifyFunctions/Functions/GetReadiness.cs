using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Whether the storage of the app answers.</summary>
internal sealed class GetReadiness(StatusApi api)
{
    [Function(nameof(GetReadiness))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "health/ready")] HttpRequest request) => api.ReadyAsync(request.HttpContext.RequestAborted);
}
