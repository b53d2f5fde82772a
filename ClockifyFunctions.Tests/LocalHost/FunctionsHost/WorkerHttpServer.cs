using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>Replaces the HTTP server in a worker: it answers 201 with the received request. It never answers a path that ends with "hang".</summary>
internal sealed class WorkerHttpServer : IAsyncDisposable
{
    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _server;

    private WorkerHttpServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        _server = builder.Build();
        _server.Run(ServeAsync);
    }

    public string Address => _server.Urls.First();

    /// <summary>Completes when a request hangs.</summary>
    public Task Hanging => _hanging.Task;

    public static async Task<WorkerHttpServer> StartAsync()
    {
        var server = new WorkerHttpServer();
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path.Value!.EndsWith("hang", StringComparison.Ordinal))
        {
            _hanging.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var seen = new
        {
            method = context.Request.Method,
            target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            body = await reader.ReadToEndAsync(context.RequestAborted),
            headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
        };
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.SetCookie = new[] { "a=1", "b=2" };
        await context.Response.WriteAsync(JsonSerializer.Serialize(seen), context.RequestAborted);
    }
}
