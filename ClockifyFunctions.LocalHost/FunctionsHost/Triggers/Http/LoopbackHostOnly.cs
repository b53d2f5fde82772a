using System.Net;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Http;

/// <summary>
/// Refuses requests whose Host header does not name this machine. This prevents DNS rebinding: a web page could otherwise make a browser send
/// requests to 127.0.0.1 under the host name of the page, and read the responses.
/// </summary>
internal static class LoopbackHostOnly
{
    public static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        await context.Response.WriteAsync($"The Host header '{host}' does not name this machine. Use http://127.0.0.1 or http://localhost.");
    }
}
