namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Adds the body of the service to the 404 and 405 of ASP.NET Core routing, which has already set the header Allow.</summary>
internal static class UnknownRoutes
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.HasStarted || context.Features.Get<Exchange>() is not { Call.Status: 0 } exchange)
            return;

        var path = context.Request.Path.Value ?? "";
        var answer = context.Response.StatusCode switch
        {
            404 => Answer.Error(404, 3000, $"No static resource {path.Replace("/api/", "", StringComparison.Ordinal)}."),
            405 => Answer.Error(405, 3000, $"Request method '{context.Request.Method}' is not supported"),
            _ => null,
        };
        if (answer is not null)
            await answer.SendAsync(context, exchange.Call, exchange.Fault);
    }
}
