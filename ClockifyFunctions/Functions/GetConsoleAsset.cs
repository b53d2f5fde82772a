using ClockifyFunctions.WebConsole;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>A script or style of the console page. As with <see cref="GetConsoleFile"/>, the route matches one file name only.</summary>
internal sealed class GetConsoleAsset
{
    [Function(nameof(GetConsoleAsset))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "console/assets/{name:regex(^[A-Za-z0-9._-]+$)}")] HttpRequest request, string name) => ConsolePage.Asset(request, name);
}
