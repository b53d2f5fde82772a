using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A listed host that takes lists of records, all or nothing: any bad record refuses its whole request; a slow one has it taken, and answered with 408.</summary>
internal sealed class BatchServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    public BatchServer(params int[] bad)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            var numbers = body.RootElement.EnumerateArray().Select(record => record.GetProperty("n").GetInt32()).ToArray();
            Requests.Enqueue(numbers);
            Answering();
            await Task.Delay(Hangs ? Timeout.InfiniteTimeSpan : Latency(numbers[0]), context.RequestAborted);
            var refused = numbers.Intersect(bad).Any();
            context.Response.StatusCode = IsDown ? 503 : refused ? RefusesWith : numbers.Contains(Slow) ? 408 : 201;
            if (!refused && !IsDown) foreach (var number in numbers) Taken.Enqueue(number);
        });
        _app.StartAsync().GetAwaiter().GetResult();
        Authority = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
    }

    public string Authority { get; }

    public bool IsDown { get; set; }

    /// <summary>It takes requests and answers none.</summary>
    public bool Hangs { get; set; }

    /// <summary>By the first record of a request.</summary>
    public Func<int, TimeSpan> Latency { get; set; } = static _ => TimeSpan.Zero;

    /// <summary>Called before each answer.</summary>
    public Action Answering { get; set; } = static () => { };

    public int RefusesWith { get; set; } = 400;

    public int Slow { get; set; } = -1;

    public ConcurrentQueue<int[]> Requests { get; } = [];

    public ConcurrentQueue<int> Taken { get; } = [];

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
