using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>The JSON schema of a destination config.</summary>
internal sealed class GetDestinationSchema
{
    [Function(nameof(GetDestinationSchema))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "schema/destination")] HttpRequest request) => Results.Text(DestinationSchema.Text, "application/schema+json");
}
