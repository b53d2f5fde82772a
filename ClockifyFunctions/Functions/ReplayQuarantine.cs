using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Sends quarantined records again.</summary>
internal sealed class ReplayQuarantine(QuarantineApi api)
{
    [Function(nameof(ReplayQuarantine))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "quarantine/{destination}/replay")] HttpRequest request, string destination) => api.ReplayAsync(destination, request, request.HttpContext.RequestAborted);
}
