using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>What the console's list shows: destinations with their status, credentials and counts.</summary>
internal sealed class GetSummary(SummaryApi api)
{
    [Function(nameof(GetSummary))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "summary")] HttpRequest request) => api.GetAsync(request, request.HttpContext.RequestAborted);
}
