using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>Forwarding of requests to the HTTP server in the worker, and the end of their invocations.</summary>
public sealed class HttpForwardingTests : IAsyncLifetime
{
    private readonly TestHost _host = new();
    private WorkerHttpServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await WorkerHttpServer.StartAsync();
        _host.Workers.Capabilities["HttpUri"] = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task ARequestIsForwardedAndTheInvocationContainsItsRouteValues()
    {
        _host.Workers.Http("Items", "items/{id:int}/{*rest}", methods: "\"post\"");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        using var http = Client(host.Address, "fn-key");
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        using var content = new StringContent("{\"t\":\"é\"}", Encoding.UTF8, "application/json");

        var asking = http.PostAsync(new Uri("api/items/7/a/b%20c?x=1&x=2", UriKind.Relative), content, Cancel);
        var invocation = await worker.NextInvocationAsync();
        await worker.SucceedAsync(invocation);
        using var answer = await asking;

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
        var seen = await JsonOfAsync(answer);
        Assert.Equal(("POST", "/api/items/7/a/b%20c?x=1&x=2", "{\"t\":\"é\"}"), (Text(seen, "method"), Text(seen, "target"), Text(seen, "body")));
        var headers = seen.GetProperty("headers");
        Assert.Equal(invocation.InvocationId, Text(headers, "x-ms-invocation-id"));
        Assert.Equal(invocation.TraceContext.TraceParent, Text(headers, "traceparent"));
        Assert.Equal("fn-key", Text(headers, "x-functions-key"));
        Assert.Equal(("127.0.0.1", host.Address.Authority, "http"), (Text(headers, "X-Forwarded-For"), Text(headers, "X-Forwarded-Host"), Text(headers, "X-Forwarded-Proto")));
        Assert.Equal(TypedData.DataOneofCase.Http, Assert.Single(invocation.InputData).Data.DataCase);
        Assert.Equal(("7", "a/b c"), (invocation.TriggerMetadata["id"].String, invocation.TriggerMetadata["rest"].String));
        Assert.Equal("1,2", JsonDocument.Parse(invocation.TriggerMetadata["Query"].Json).RootElement.GetProperty("x").GetString());
    }

    [Fact]
    public async Task AnInvocationIdOfTheClientIsForwardedUnchanged()
    {
        _host.Workers.Http("Items", "items");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        using var http = Client(host.Address, "fn-key");
        http.DefaultRequestHeaders.Add("x-ms-invocation-id", "mine");

        var asking = http.GetAsync(new Uri("api/items", UriKind.Relative), Cancel);
        await worker.SucceedAsync(await worker.NextInvocationAsync());
        using var answer = await asking;

        Assert.Equal("mine", Text((await JsonOfAsync(answer)).GetProperty("headers"), "x-ms-invocation-id"));
    }

    [Theory]
    [InlineData("/api/items/..%5cx", "/api/items/..%5Cx")]
    [InlineData("/api/items/..\\x", "/api/items/..%5Cx")]
    [InlineData("/api/items/%252e%252e/x", "/api/items/%252e%252e/x")]
    public async Task NoPathMatchesAnotherRoute(string sent, string forwarded)
    {
        _host.Workers.Http("Items", "items/{*rest}", "Anonymous");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();

        var asking = RawAsync(host.Address, $"GET {sent} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await worker.SucceedAsync(await worker.NextInvocationAsync());

        Assert.Contains($"\"target\":\"{forwarded}\"", await asking, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailedInvocationIsAnsweredWith500()
    {
        _host.Workers.Http("Items", "hang");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        using var http = Client(host.Address, "fn-key");

        var asking = http.GetAsync(new Uri("api/hang", UriKind.Relative), Cancel);
        await worker.FailAsync(await worker.NextInvocationAsync(), "as asked");
        using var answer = await asking;

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task TheInvocationIsCanceledWhenTheClientDisconnects()
    {
        _host.Workers.Http("Items", "hang");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        using var http = Client(host.Address, "fn-key");
        using var leave = new CancellationTokenSource();

        var asking = http.GetAsync(new Uri("api/hang", UriKind.Relative), leave.Token);
        var invocation = await worker.NextInvocationAsync();
        await _server.Hanging.WaitAsync(Cancel);
        await leave.CancelAsync();

        Assert.Equal(invocation.InvocationId, await worker.NextCancelledAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await worker.SucceedAsync(invocation);
    }

    [Fact]
    public async Task AStopAbortsARunningRequestAndCancelsItsInvocation()
    {
        _host.Workers.Http("Items", "hang");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        using var http = Client(host.Address, "fn-key");
        var asking = http.GetAsync(new Uri("api/hang", UriKind.Relative), Cancel);
        var invocation = await worker.NextInvocationAsync();
        await _server.Hanging.WaitAsync(Cancel);

        await host.StopAsync(TimeSpan.Zero);

        Assert.Equal(invocation.InvocationId, await worker.NextCancelledAsync());
        Assert.True(worker.Terminated.IsCompleted);
        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("api/hang", UriKind.Relative), Cancel));
    }

    [Fact]
    public async Task ABodyAboveTheLimitIsAnsweredWith500WithoutAnInvocation()
    {
        _host.Workers.Http("Items", "items", methods: "\"post\"");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();

        var answer = await RawAsync(host.Address, "POST /api/items HTTP/1.1\r\nHost: localhost\r\nx-functions-key: fn-key\r\nContent-Length: 104857601\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 500", answer, StringComparison.Ordinal);
        Assert.False(worker.HasInvocations);
    }

    [Fact]
    public async Task AWorkerWithoutAnHttpServerIsReportedAsTheReason()
    {
        _host.Workers.Http("Items", "items").Capabilities.Remove("HttpUri");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        using var http = Client(host.Address, "fn-key");

        var asking = http.GetAsync(new Uri("api/items", UriKind.Relative), Cancel);
        await worker.SucceedAsync(await worker.NextInvocationAsync());
        using var answer = await asking;

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(_host.Logged, line => line.Contains("no capability HttpUri", StringComparison.Ordinal));
    }

    private static HttpClient Client(Uri address, string key)
    {
        var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Add("x-functions-key", key);
        return http;
    }

    private static async Task<string> RawAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancel);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancel);
    }

    private static async Task<JsonElement> JsonOfAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
