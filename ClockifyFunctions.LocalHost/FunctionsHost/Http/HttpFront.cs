using System.Net;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Timers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Http;

/// <summary>The host's public address: the routes of the HTTP functions, and a manual run of timer functions.</summary>
internal sealed class HttpFront(WebApplication app) : IAsyncDisposable
{
    public Uri Address => new(
        app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    public static async Task<HttpFront> StartAsync(
        ScriptRoot root, FunctionsHostOptions options, HttpForwarder forwarder,
        IReadOnlyDictionary<string, TimerListener> timers, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers).AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = 100 * 1024 * 1024;
        });
        var app = builder.Build();
        var keys = new HttpKeys(options.FunctionKey, options.MasterKey);
        app.UseRouting();
        app.Use(HideWrongMethod);
        // Of overlapping routes the real host takes the function that comes first by name, however general its route is.
        var order = 0;
        foreach (var function in root.Functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
            if (function.Trigger is HttpTriggerConfig http) Map(app, root.Host.RoutePrefix, http, keys, forwarder).WithOrder(order++);
        MapManualRun(app, keys, timers);
        await app.StartAsync(cancellationToken);
        return new HttpFront(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }

    private static IEndpointConventionBuilder Map(
        WebApplication app, string prefix, HttpTriggerConfig http, HttpKeys keys, HttpForwarder forwarder)
    {
        async Task Handle(HttpContext context)
        {
            if (keys.Open(http.AuthLevel, context.Request)) await forwarder.ForwardAsync(context);
            else context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        var pattern = $"{prefix}/{http.Route}".Trim('/');
        return http.Methods.Count > 0 ? app.MapMethods(pattern, http.Methods, Handle) : app.Map(pattern, Handle);
    }

    /// <summary>POST /admin/functions/&lt;name&gt; with the master key. Of timers only: there is nothing to make up for them.</summary>
    private static void MapManualRun(
        WebApplication app, HttpKeys keys, IReadOnlyDictionary<string, TimerListener> timers) =>
        app.MapMethods("admin/functions/{name}", [HttpMethods.Post], context =>
        {
            context.Response.StatusCode = !keys.Open(HttpAuthLevel.Admin, context.Request) ? StatusCodes.Status401Unauthorized
                : timers.TryGetValue((string)context.Request.RouteValues["name"]!, out var timer) ? Run(timer)
                : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });

    private static int Run(TimerListener timer)
    {
        _ = timer.RunOnceAsync();
        return StatusCodes.Status202Accepted;
    }

    /// <summary>ASP.NET Core answers a wrong method with 405, the Functions host with 404.</summary>
    private static async Task HideWrongMethod(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.GetEndpoint()?.DisplayName != "405 HTTP Method Not Supported") return;
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.Headers.Remove("Allow");
    }
}
