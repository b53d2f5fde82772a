using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Sending;

/// <summary>Single calls to a real server with faulty behavior.</summary>
public sealed class ClockifyClientTests : IAsyncLifetime
{
    private readonly ClockifyClient _client = new(TimeProvider.System);
    private WebApplication _server = null!;
    private RequestDelegate _answer = _ => Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(context => _answer(context));
        await _server.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task RetryAfterIsReadInSecondsAndAsADateAndIsCapped()
    {
        var time = new FakeTimeProvider();
        using var client = new ClockifyClient(time);
        Assert.Equal(TimeSpan.FromSeconds(7), (await AnswerAsync(429, "7")).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(100), (await AnswerAsync(429, time.GetUtcNow().AddSeconds(100).ToString("r", CultureInfo.InvariantCulture), client)).RetryAfter);
        Assert.Equal(TimeSpan.FromMinutes(5), (await AnswerAsync(429, "86400")).RetryAfter);
        Assert.Equal(TimeSpan.Zero, (await AnswerAsync(429, DateTimeOffset.UnixEpoch.ToString("r", CultureInfo.InvariantCulture))).RetryAfter);
        Assert.Null((await AnswerAsync(429, "soon")).RetryAfter);
        Assert.Null((await AnswerAsync(429, null)).RetryAfter);
    }

    [Fact]
    public async Task AResponseThatCannotBeDecompressedLeavesTheOutcomeUnknown()
    {
        _answer = async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.WriteAsync("this is not packed at all");
        };
        var api = new Uri(_server.Urls.First());
        var result = await _client.SendAsync(Written.Credential(api.AbsoluteUri), new RenderedRequest(HttpMethod.Post, api, default), Cancel);
        Assert.Equal((0, true), (result.Status, result.LeftThisMachine));
    }

    [Fact]
    public async Task WithoutAConnectionNothingWasSent()
    {
        // A listener that accepts no connections. When its queue is full, the system no longer answers.
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        Socket[] queue = [.. Enumerable.Range(0, 4).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp) { Blocking = false })];
        foreach (var socket in queue) _ = socket.ConnectAsync(address, Cancel).AsTask().ContinueWith(static _ => { }, TaskScheduler.Default);
        using var client = new ClockifyClient(TimeProvider.System, connectTimeout: TimeSpan.FromMilliseconds(300));

        var result = await client.SendAsync(Written.Credential($"http://{address}"), new RenderedRequest(HttpMethod.Post, new Uri($"http://{address}/"), default), Cancel);

        Assert.Equal((0, false), (result.Status, result.LeftThisMachine));
        Assert.StartsWith("no connection within", result.Error);
        foreach (var socket in queue) socket.Dispose();
    }

    [Fact]
    public async Task AfterATimeoutTheOutcomeIsUnknown()
    {
        var arrived = new TaskCompletionSource();
        _answer = context =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        };
        var time = new FakeTimeProvider();
        using var client = new ClockifyClient(time);
        var api = new Uri(_server.Urls.First());
        var call = client.SendAsync(Written.Credential(api.AbsoluteUri), new RenderedRequest(HttpMethod.Post, api, default), Cancel);
        await arrived.Task;

        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal((0, true, "no answer within 30 s"), ((await call).Status, (await call).LeftThisMachine, (await call).Error));
    }

    [Fact]
    public async Task ARedirectIsReturnedAndNotFollowed()
    {
        var seen = 0;
        _answer = context =>
        {
            seen++;
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        Assert.Equal(302, (await SendAsync("/")).Status);
        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task TheKeyIsSentToTheApiOfTheCredentialOnly() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => _client.SendAsync(Some.Credential(), new(HttpMethod.Get, new Uri(_server.Urls.First()), default), Cancel));

    [Fact]
    public async Task ABrokenConnectionLeavesTheOutcomeUnknownButARefusedOneDoesNot()
    {
        _answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.True((await SendAsync("/")).LeftThisMachine);
        var nobody = Some.Credential();
        Assert.False((await _client.SendAsync(nobody, new(HttpMethod.Get, nobody.BaseUrl, default), Cancel)).LeftThisMachine);
    }

    /// <summary>The HTTP library can repeat a request itself if a reused connection breaks. Such a call would have no permit.</summary>
    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("POST")]
    public async Task TheHttpLibraryDoesNotRepeatARequestOfABrokenConnection(string method)
    {
        var arrivals = 0;
        _answer = context =>
        {
            if (++arrivals > 1) context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal(200, (await SendAsync("/", method)).Status);
        Assert.Equal(0, (await SendAsync("/", method)).Status);
        Assert.Equal(2, arrivals);
    }

    [Fact]
    public async Task NoAdditionalHeaderIsSentEvenIfTheCallIsTraced()
    {
        _answer = context => context.Response.WriteAsync(string.Join(' ', context.Request.Headers.Keys.Order()), Cancel);
        using var span = new Activity("traced").SetIdFormat(ActivityIdFormat.W3C).Start();
        Assert.Equal("Accept Accept-Encoding Host X-Api-Key", (await SendAsync("/")).Body);
    }

    private Task<CallResult> AnswerAsync(int status, string? retryAfter, ClockifyClient? client = null)
    {
        _answer = context =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };
        return SendAsync("/", client: client);
    }

    private Task<CallResult> SendAsync(string path, string method = "GET", ClockifyClient? client = null)
    {
        var api = new Uri(_server.Urls.First());
        var credential = new Credential("c", "k", "X-Api-Key", api, [Some.TenPerSecond]);
        return (client ?? _client).SendAsync(credential, new RenderedRequest(new HttpMethod(method), new Uri(api, path), default), Cancel);
    }
}
