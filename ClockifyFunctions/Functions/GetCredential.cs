using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>One credential without its key.</summary>
internal sealed class GetCredential(CredentialsApi api)
{
    [Function(nameof(GetCredential))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "credentials/{name}")] HttpRequest request, string name) => api.GetAsync(name, request.HttpContext.RequestAborted);
}
