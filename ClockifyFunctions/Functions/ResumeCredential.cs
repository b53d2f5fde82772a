using ClockifyFunctions.Api;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Ends the suspension of a credential.</summary>
internal sealed class ResumeCredential(CredentialsApi api)
{
    [Function(nameof(ResumeCredential))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "credentials/{name}/resume")] HttpRequest request, string name) => api.ResumeAsync(name, request.HttpContext.RequestAborted);
}
