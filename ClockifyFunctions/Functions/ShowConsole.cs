using ClockifyFunctions.WebConsole;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>The console page. It needs no key: the page holds no data, and sends the key with each call of the API.</summary>
internal sealed class ShowConsole
{
    [Function(nameof(ShowConsole))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "console")] HttpRequest request) => ConsolePage.Home(request);
}
