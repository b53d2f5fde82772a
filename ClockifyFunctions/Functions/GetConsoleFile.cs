using ClockifyFunctions.WebConsole;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>A file beside the console page. The route takes one plain file name: an open route that took any path would be a way around the key.</summary>
internal sealed class GetConsoleFile
{
    [Function(nameof(GetConsoleFile))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "console/{name:regex(^[A-Za-z0-9._-]+$)}")] HttpRequest request, string name) => ConsolePage.File(request, name);
}
