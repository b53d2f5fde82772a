using ClockifyFunctions.WebConsole;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>A file of the console page. The route matches one file name only, because an open route for any path would bypass the key.</summary>
internal sealed class GetConsoleFile
{
    [Function(nameof(GetConsoleFile))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "console/{name:regex(^[A-Za-z0-9._-]+$)}")] HttpRequest request, string name) => ConsolePage.File(request, name);
}
