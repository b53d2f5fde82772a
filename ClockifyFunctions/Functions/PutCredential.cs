using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Creates a credential, or changes it.</summary>
internal sealed class PutCredential(CredentialsApi api)
{
    [Function(nameof(PutCredential))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "put", Route = "credentials/{name}")] HttpRequest request, string name) => api.PutAsync(name, request, request.HttpContext.RequestAborted);
}
