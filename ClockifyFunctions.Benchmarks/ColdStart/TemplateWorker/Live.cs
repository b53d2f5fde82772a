using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace TemplateWorker;

/// <summary>Answers the request that the benchmark also sends to the app.</summary>
public static class Live
{
    [Function(nameof(Live))]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) => Results.Text("{}", "application/json");
}
