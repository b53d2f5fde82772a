using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

[Trait(Categories.Name, Categories.Process)]
public sealed class FunctionsHostTests : IDisposable
{
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
    private readonly MiniBroker broker = new() { LockTime = TimeSpan.FromSeconds(1) };
    private readonly TestApp app = new();

    public FunctionsHostTests() => app.Settings["Bus"] = broker.ConnectionString;

    private CancellationToken Limit => limit.Token;

    public void Dispose()
    {
        broker.Close();
        app.Dispose();
        limit.Dispose();
    }

    [Fact]
    public async Task ASuccessfulCallCompletesTheMessageAndLooksAsRecorded()
    {
        await using var host = await app.Queue().StartAsync();
        broker.Send("hello");

        Assert.Equal("Accepted 1", await broker.NextSettledAsync(Limit));
        var call = JsonDocument.Parse(await app.NextCallAsync(Limit)).RootElement;
        Assert.Equal("/Work", call.GetProperty("url").GetString());
        var raw = call.GetProperty("raw").EnumerateArray().Select(e => e.GetString()!).Chunk(2).ToArray();
        Assert.Equal(
            ["Host", "X-Azure-Functions-HostVersion", "X-Azure-Functions-InvocationId", "User-Agent", "Transfer-Encoding", "Content-Type"],
            raw.Select(h => h[0]));
        Assert.Equal("application/json; charset=utf-8", raw[5][1]);
    }

    [Fact]
    public async Task AFailedCallAbandonsTheMessageAndItsDeliveryCountRises()
    {
        await using var host = await app.Queue().StartAsync();
        broker.Send("fail once");

        Assert.Equal("Modified 1", await broker.NextSettledAsync(Limit));
        Assert.Equal("Accepted 2", await broker.NextSettledAsync(Limit));
    }

    [Fact]
    public async Task ABatchIsOneCall()
    {
        app.Queue("many");
        for (var i = 0; i < 3; i++) broker.Send("m" + i);
        await using var host = await app.StartAsync();

        for (var i = 0; i < 3; i++) Assert.Equal("Accepted 1", await broker.NextSettledAsync(Limit));
        var call = JsonDocument.Parse(await app.NextCallAsync(Limit)).RootElement;
        Assert.Contains("\"DeliveryCountArray\":\"[1,1,1]\"", call.GetProperty("body").GetString());
    }

    [Fact]
    public async Task ALongCallKeepsItsLock()
    {
        await using var host = await app.Queue().StartAsync();
        broker.Send("slow");

        Assert.NotEqual(Guid.Empty, await broker.NextRenewedAsync(Limit));
        Assert.Equal("Accepted 1", await broker.NextSettledAsync(Limit));
    }

    [Fact]
    public async Task ACrashAbandonsTheMessageAndAnotherHandlerTakesIt()
    {
        await using var host = await app.Queue().StartAsync();
        var first = (await host.WaitForHandlerAsync(Limit)).Id;
        broker.Send("crash once");

        Assert.Equal("Modified 1", await broker.NextSettledAsync(Limit));
        Assert.Equal("Accepted 2", await broker.NextSettledAsync(Limit));
        Assert.NotEqual(first, host.Handler!.Id);
    }

    [Fact]
    public async Task AnAnswerThatHangsEndsAtTheTimeoutWithANewHandler()
    {
        app.HostJson("00:00:01");
        await using var host = await app.Queue().StartAsync();
        var first = (await host.WaitForHandlerAsync(Limit)).Id;
        broker.Send("hang once");

        Assert.Equal("Modified 1", await broker.NextSettledAsync(Limit));
        Assert.Equal("Accepted 2", await broker.NextSettledAsync(Limit));
        Assert.NotEqual(first, host.Handler!.Id);
    }

    [Fact]
    public async Task TheThirdKillStopsTheHost()
    {
        await using var host = await app.Queue().StartAsync();
        var ready = Channel.CreateUnbounded<Process>();
        host.HandlerReady += handler => ready.Writer.TryWrite(handler);
        var first = await host.WaitForHandlerAsync(Limit);
        first.Kill();
        for (var kills = 1; kills < 3; kills++)
        {
            var next = await ready.Reader.ReadAsync(Limit);
            // Whether the first one was announced before or after the subscription is open.
            if (ReferenceEquals(next, first)) next = await ready.Reader.ReadAsync(Limit);
            next.Kill();
        }

        Assert.Contains("failed too often", await host.Stopped.WaitAsync(Limit));
    }

    [Fact]
    public async Task TimersRunOnStartupAndWhenAsked()
    {
        app.Function("Sweep", """
            { "type": "timerTrigger", "direction": "in", "name": "timer", "schedule": "0 0 3 * * *", "runOnStartup": true }
            """);
        await using var host = await app.StartAsync();

        Assert.Contains("IsPastDue", await app.NextCallAsync(Limit));
        Assert.True(await host.RunTimerAsync("Sweep"));
        Assert.Contains("/Sweep", await app.NextCallAsync(Limit));
    }

    [Fact]
    public async Task HttpIsForwardedWithItsHeadersAndRefusedWithoutAKey()
    {
        app.Function(
            "Api",
            """{ "type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "function", "methods": ["get", "post"], "route": "{*path}" }""",
            """, { "type": "http", "direction": "out", "name": "res" }""");
        await using var host = await app.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        using var refused = await http.GetAsync(new Uri("api/items", UriKind.Relative), Limit);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Empty(await refused.Content.ReadAsByteArrayAsync(Limit));

        http.DefaultRequestHeaders.Add("x-functions-key", "fn-key");
        http.DefaultRequestHeaders.Add("User-Agent", "client/1.0");
        using var content = new StringContent("{\"t\":\"é\"}", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("api/a%20b%2Fc?x=1&x=2&y=a+b%2Bc", UriKind.Relative), content, Limit);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
        var seen = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Limit)).RootElement;
        Assert.Equal("/api/a%20b%2Fc?x=1,2&y=a%20b%2Bc", seen.GetProperty("url").GetString());
        Assert.Equal("{\"t\":\"é\"}", seen.GetProperty("body").GetString());
        var raw = seen.GetProperty("raw").EnumerateArray().Select(e => e.GetString()).ToArray();
        Assert.Contains("client/1.0 Azure-Functions-Host/4.1037.0.0", raw);
        Assert.Contains(host.Address.Authority, raw);
        Assert.Contains("X-Azure-Functions-InvocationId", raw);

        using var wrong = await http.DeleteAsync(new Uri("api/items", UriKind.Relative), Limit);
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);
        using var unknown = await http.GetAsync(new Uri("other", UriKind.Relative), Limit);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task AStopLetsTheRunningCallEndAndThenEndsTheHandler()
    {
        var host = await app.Queue().StartAsync();
        broker.Send("slow");
        await app.NextCallAsync(Limit);
        var handler = await host.WaitForHandlerAsync(Limit);
        var exited = handler.WaitForExitAsync(Limit);

        await host.DisposeAsync();

        Assert.Equal("Accepted 1", await broker.NextSettledAsync(Limit));
        await exited;
        Assert.Equal("disposed", await host.Stopped);
    }

    [Theory]
    [InlineData("anonymous", null, true)]
    [InlineData("function", null, false)]
    [InlineData("function", "fn-key", true)]
    [InlineData("function", "master-key", true)]
    [InlineData("function", "wrong", false)]
    [InlineData("admin", null, false)]
    [InlineData("admin", "fn-key", false)]
    [InlineData("admin", "master-key", true)]
    public async Task AnAuthLevelOpensToItsKeys(string level, string? key, bool opens)
    {
        app.Function(
            "Api",
            $$"""{ "type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "{{level}}", "methods": ["get"], "route": "items" }""",
            """, { "type": "http", "direction": "out", "name": "res" }""");
        await using var host = await app.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        using var byQuery = await http.GetAsync(new Uri(key is null ? "api/items" : "api/items?code=" + key, UriKind.Relative), Limit);
        if (key is not null) http.DefaultRequestHeaders.Add("x-functions-key", key);
        using var byHeader = await http.GetAsync(new Uri("api/items", UriKind.Relative), Limit);

        Assert.Equal((opens, opens), (byHeader.StatusCode == HttpStatusCode.Created, byQuery.StatusCode == HttpStatusCode.Created));
        if (!opens) Assert.Equal(HttpStatusCode.Unauthorized, byHeader.StatusCode);
    }

    [Theory]
    [InlineData("""["{\"a\":1}","b"]""", "Accepted 1", "{\"a\":1}", "b")]
    [InlineData("null", "Accepted 1")]
    [InlineData("""{"a":1}""", "Modified 1")] // Any other form the real host would rewrite.
    public async Task AnOutputIsSentBeforeItsMessageIsCompleted(string output, string settled, params string[] sent)
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new QueueOptions("next")], TimeProvider.System);
        app.Settings["OutBus"] = bus.ConnectionString;
        app.Function("Work", """{ "type": "serviceBusTrigger", "direction": "in", "name": "message", "queueName": "work", "connection": "Bus", "dataType": "binary" }""",
            """, { "type": "serviceBus", "direction": "out", "name": "next", "queueName": "next", "connection": "OutBus" }""");
        await using var host = await app.StartAsync();
        broker.Send("out " + output);

        Assert.Equal(settled, await broker.NextSettledAsync(Limit));
        Assert.Equal(sent, bus.Queue("next").Peek().Select(message => Encoding.UTF8.GetString(((Amqp.Framing.Data)message.Content.BodySection).Binary)));
        Assert.All(bus.Queue("next").Peek(), message => Assert.Equal("text/plain", message.Content.Properties.ContentType));
    }

    [Fact]
    public async Task ARefusalNamesEveryProblem()
    {
        app.Function("Topic", """{ "type": "serviceBusTrigger", "name": "m", "topicName": "t", "subscriptionName": "s", "connection": "None" }""");
        app.Function("Blob", """{ "type": "blobTrigger", "name": "b" }""");
        app.Function("Out", """{ "type": "timerTrigger", "name": "t", "schedule": "bad" }""", """, { "type": "sendGrid", "name": "o" }""");

        var refused = await Assert.ThrowsAsync<HostRefusedException>(() => app.StartAsync());

        foreach (var part in new[] { "topicName", "'None'", "blobTrigger", "'bad'", "output binding 'sendGrid'" })
            Assert.Contains(refused.Problems, p => p.Contains(part, StringComparison.Ordinal));
    }
}
