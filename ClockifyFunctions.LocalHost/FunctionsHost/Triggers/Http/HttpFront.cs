using System.Net;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Timers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Http;

/// <summary>The host's public address: the routes of the HTTP functions, and the manual run of timer functions.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private const long LargestBody = 100 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly HttpKeys _keys;
    private readonly HttpInvocations _invocations;

    private HttpFront(FunctionsHostOptions options, Invoker invoker, ILoggerFactory loggers, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers).AddRouting().AddHttpForwarder();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        _app = builder.Build();
        _keys = new HttpKeys(options.FunctionKey, options.MasterKey);
        _invocations = new HttpInvocations(invoker, _app.Services.GetRequiredService<IHttpForwarder>(), time);
    }

    public Uri Address => new(
        _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    public static async Task<HttpFront> StartAsync(
        IReadOnlyList<FunctionConfig> functions, string routePrefix, IReadOnlyDictionary<string, TimerListener> timers,
        FunctionsHostOptions options, Invoker invoker, ILoggerFactory loggers, TimeProvider time, CancellationToken cancel)
    {
        var front = new HttpFront(options, invoker, loggers, time);
        try
        {
            front._app.Use(LoopbackHostOnly.CheckAsync);
            front._app.UseRouting();
            front._app.Use(HideWrongMethodAsync);
            // If routes overlap, the real host uses the function whose name sorts first, even if its route is more general.
            var order = 0;
            foreach (var function in functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
                if (function.Trigger is HttpTriggerConfig trigger) front.Map(function, trigger, routePrefix).WithOrder(order++);
            front.MapManualRun(timers);
            await front._app.StartAsync(cancel);
            return front;
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes the port and waits for requests that are in progress.</summary>
    /// <param name="abort">Closes the connections that are still open.</param>
    public Task StopAsync(CancellationToken abort) => _app.StopAsync(abort);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _invocations.Dispose();
    }

    private IEndpointConventionBuilder Map(FunctionConfig function, HttpTriggerConfig trigger, string routePrefix)
    {
        async Task ServeAsync(HttpContext context)
        {
            if (_keys.Refuse(trigger.AuthLevel, context.Request) is { } reason) await RefuseAsync(context, reason);
            else await _invocations.ServeAsync(function, context);
        }

        var pattern = $"{routePrefix}/{trigger.Route}".Trim('/');
        return trigger.Methods.Count > 0 ? _app.MapMethods(pattern, trigger.Methods, ServeAsync) : _app.Map(pattern, ServeAsync);
    }

    /// <summary>POST /admin/functions/&lt;name&gt; with the master key runs a timer function.</summary>
    private void MapManualRun(IReadOnlyDictionary<string, TimerListener> timers) =>
        _app.MapMethods("admin/functions/{name}", [HttpMethods.Post], async context =>
        {
            if (_keys.Refuse(HttpAuthLevel.Admin, context.Request) is { } reason)
            {
                await RefuseAsync(context, reason);
            }
            else if (timers.TryGetValue((string)context.Request.RouteValues["name"]!, out var timer))
            {
                _ = timer.RunOnceAsync();
                context.Response.StatusCode = StatusCodes.Status202Accepted;
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });

    private static Task RefuseAsync(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason);
    }

    /// <summary>Changes 405 to 404: ASP.NET Core answers a wrong method with 405, the Functions host with 404.</summary>
    private static async Task HideWrongMethodAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.GetEndpoint()?.DisplayName != "405 HTTP Method Not Supported") return;
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.Headers.Remove("Allow");
    }
}
