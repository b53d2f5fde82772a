using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Shows the requests for records without sending them.</summary>
internal sealed class PreviewRequests(PreviewApi api)
{
    [Function(nameof(PreviewRequests))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "preview")] HttpRequest request) => api.PreviewAsync(request, request.HttpContext.RequestAborted);
}
