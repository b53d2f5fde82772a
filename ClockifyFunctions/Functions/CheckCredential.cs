using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Asks Clockify for the owner of a key.</summary>
internal sealed class CheckCredential(CredentialsApi api)
{
    [Function(nameof(CheckCredential))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "credentials/{name}/check")] HttpRequest request, string name) => api.CheckAsync(name, request.HttpContext.RequestAborted);
}
