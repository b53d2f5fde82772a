using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Deletes a credential that no destination uses.</summary>
internal sealed class DeleteCredential(CredentialsApi api)
{
    [Function(nameof(DeleteCredential))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "delete", Route = "credentials/{name}")] HttpRequest request, string name) => api.DeleteAsync(name, request.HttpContext.RequestAborted);
}
