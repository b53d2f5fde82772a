using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>One page of destinations with their status, all credentials, and counts.</summary>
internal sealed class GetSummary(SummaryApi api)
{
    [Function(nameof(GetSummary))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "summary")] HttpRequest request) => api.GetAsync(request, request.HttpContext.RequestAborted);
}
