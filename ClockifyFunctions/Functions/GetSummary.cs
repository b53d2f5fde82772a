using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Everything that the console's list shows.</summary>
internal sealed class GetSummary(SummaryApi api)
{
    [Function(nameof(GetSummary))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "summary")] HttpRequest request) => api.GetAsync(request, request.HttpContext.RequestAborted);
}
