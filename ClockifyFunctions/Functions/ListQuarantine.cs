using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>The quarantined records with their reasons.</summary>
internal sealed class ListQuarantine(QuarantineApi api)
{
    [Function(nameof(ListQuarantine))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "quarantine/{destination}")] HttpRequest request, string destination) => api.ListAsync(destination, request, request.HttpContext.RequestAborted);
}
