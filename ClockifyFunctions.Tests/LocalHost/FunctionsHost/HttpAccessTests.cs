using System.Net;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>Access to functions by route, method, key and host name.</summary>
public sealed class HttpAccessTests : IAsyncLifetime
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

    [Theory]
    [InlineData("GET", "other")]
    [InlineData("DELETE", "api/items")]
    [InlineData("GET", "items")]
    public async Task ARequestWithoutAMatchingFunctionIsAnsweredWith404(string method, string path)
    {
        _host.Workers.Http("Items", "items", "Anonymous");
        await using var host = await _host.StartAsync();
        using var http = Client(host.Address);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("Function", null, "The function key is missing. Send it in the header 'x-functions-key' or in the query parameter 'code'.")]
    [InlineData("Function", "wrong", "The given key is not the function key of this app.")]
    [InlineData("Admin", null, "The master key is missing. Send it in the header 'x-functions-key' or in the query parameter 'code'.")]
    [InlineData("Admin", "fn-key", "The given key is not the master key of this app.")]
    public async Task ARequestWithoutTheRequiredKeyIsAnsweredWithTheMissingKey(string level, string? key, string reason)
    {
        _host.Workers.Http("Items", "items", level);
        await using var host = await _host.StartAsync();
        using var http = Client(host.Address, key);

        using var answer = await http.GetAsync(new Uri("api/items", UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(reason, await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("Anonymous", null)]
    [InlineData("Function", "fn-key")]
    [InlineData("Function", "master-key")]
    [InlineData("Admin", "master-key")]
    public async Task TheKeyIsAcceptedInHeaderAndQuery(string level, string? key)
    {
        _host.Workers.Http("Items", "items", level);
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        using var byHeader = Client(host.Address, key);
        using var byQuery = Client(host.Address);

        foreach (var (http, path) in new[] { (byHeader, "api/items"), (byQuery, $"api/items?code={key}") })
        {
            var asking = http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            await worker.SucceedAsync(await worker.NextInvocationAsync());
            using var answer = await asking;
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("rebound.example")]
    [InlineData("192.0.2.1")]
    public async Task ARequestUnderAnotherHostNameIsRefused(string name)
    {
        _host.Workers.Http("Items", "items", "Anonymous");
        await using var host = await _host.StartAsync();
        using var http = Client(host.Address);
        http.DefaultRequestHeaders.Host = name;

        using var answer = await http.GetAsync(new Uri("api/items", UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"'{name}' does not name this machine", await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static HttpClient Client(Uri address, string? key = null)
    {
        var http = new HttpClient { BaseAddress = address };
        if (key is not null) http.DefaultRequestHeaders.Add("x-functions-key", key);
        return http;
    }
}
