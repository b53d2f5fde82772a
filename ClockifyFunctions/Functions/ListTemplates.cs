using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>The endpoint templates.</summary>
internal sealed class ListTemplates
{
    [Function(nameof(ListTemplates))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "templates")] HttpRequest request) => DestinationsApi.ListTemplates(request);
}
