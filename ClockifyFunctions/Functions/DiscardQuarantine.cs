using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Deletes quarantined records.</summary>
internal sealed class DiscardQuarantine(QuarantineApi api)
{
    [Function(nameof(DiscardQuarantine))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "quarantine/{destination}/discard")] HttpRequest request, string destination) => api.DiscardAsync(destination, request, request.HttpContext.RequestAborted);
}
