using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Queues records for a destination.</summary>
internal sealed class SendRecords(RecordsApi api)
{
    [Function(nameof(SendRecords))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "destinations/{id}/records")] HttpRequest request, string id) => api.SendAsync(id, request, request.HttpContext.RequestAborted);
}
