using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>The credentials, without their keys.</summary>
internal sealed class ListCredentials(CredentialsApi api)
{
    [Function(nameof(ListCredentials))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "credentials")] HttpRequest request) => api.ListAsync(request, request.HttpContext.RequestAborted);
}
