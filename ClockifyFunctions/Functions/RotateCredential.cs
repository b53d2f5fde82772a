using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Replaces the key of a credential.</summary>
internal sealed class RotateCredential(CredentialsApi api)
{
    [Function(nameof(RotateCredential))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "credentials/{name}/rotate")] HttpRequest request, string name) => api.RotateAsync(name, request, request.HttpContext.RequestAborted);
}
