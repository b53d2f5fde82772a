using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Proposes a mapping of the columns of a file to fields and references.</summary>
internal sealed class ProposeMapping
{
    [Function(nameof(ProposeMapping))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "mapping")] HttpRequest request) => MappingApi.ProposeAsync(request, request.HttpContext.RequestAborted);
}
