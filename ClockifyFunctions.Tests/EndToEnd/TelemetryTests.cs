using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>Follows one record from the trace of its producer to the response event, at an OTLP collector and at an Application Insights endpoint.</summary>
public sealed class TelemetryTests : StackTest
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    private readonly Collector _collector = new();

    internal override LocalStackOptions Options => new()
    {
        // Use the published app if it exists, because reflection that it does not support would fail there.
        ScriptRoot = Directory.Exists(Repository.PublishedBuild) ? Repository.PublishedBuild : Repository.DevelopmentBuild,
        SweepSchedule = "*/2 * * * * *",
        ExtraSettings = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            ["OTEL_TRACES_SAMPLER"] = "microsoft.fixed_percentage", // The default of the library is five traces per second.
            ["OTEL_TRACES_SAMPLER_ARG"] = "1",
            ["OTEL_SERVICE_NAME"] = "my-records",
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey=11111111-2222-4333-8444-555555555555;IngestionEndpoint={_collector.Address}",
            ["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true",
        },
    };

    [Fact]
    public async Task TheTraceOfTheProducerIncludesCallAndResponseEvent()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "destinations/entries/records")
        {
            Content = new StringContent("""{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"traced"}""", Encoding.UTF8, "application/json"),
            Headers = { { "traceparent", $"00-{TraceId}-b7ad6b7169203331-01" }, { "tracestate", "vendor=1" } },
        };
        (await Stack.Api.SendAsync(request, Cancel)).EnsureSuccessStatusCode();
        await Events.WhenAsync(1, Patience);

        var parts = Events.All[0].GetProperty("traceparent").GetString()!.Split('-');
        Assert.Equal(TraceId, parts[1]);
        Assert.NotEqual("b7ad6b7169203331", parts[2]); // The span of the send, which the collector has received.
        Assert.Equal("vendor=1", Events.All[0].GetProperty("tracestate").GetString());

        await SeenAsync("/v1/traces", "process clockify-records", "drain default", "send clockify-responses", "url.full", "my-records", Bytes(TraceId), Bytes(parts[2]));
        await SeenAsync("/v1/metrics", "clockify.records", "clockify.call.duration", "clockify.gate.permits", "clockify.gate.wait.duration", "clockify.gate.utilization", "clockify.storage.transactions", "clockify.backlog.size", "clockify.backlog.age", "clockify.credential.suspended");
        await SeenAsync("/v1/logs", "Drain of {Credential} ended");
        await SeenAsync("/v2.1/track", TraceId, "send clockify-responses", "11111111-2222-4333-8444-555555555555");
        Assert.DoesNotContain(_collector.Received, received => received.Text.Contains(Seed.AdaKey, StringComparison.Ordinal));
    }

    private async Task SeenAsync(string path, params string[] texts)
    {
        foreach (var text in texts) await Eventually.TrueAsync($"{path} contains '{text}'", () => _collector.Has(path, text), TimeSpan.FromSeconds(20));
    }

    /// <summary>An id in the form in which protobuf contains it. Latin-1 maps each byte to one character.</summary>
    private static string Bytes(string id) => Encoding.Latin1.GetString(Convert.FromHexString(id));

    /// <summary>Accepts all posts, in place of both kinds of receivers.</summary>
    private sealed class Collector
    {
        private readonly WebApplication _app;

        public Collector()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(TakeAsync);
            _app.StartAsync().GetAwaiter().GetResult();
        }

        public string Address => _app.Urls.Single();

        public ConcurrentQueue<(string Path, string Text)> Received { get; } = [];

        public bool Has(string path, string text) => Received.Any(received => received.Path == path && received.Text.Contains(text, StringComparison.Ordinal));

        private async Task TakeAsync(HttpContext context)
        {
            await using var body = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
            using var copy = new MemoryStream();
            await body.CopyToAsync(copy);
            var text = Encoding.Latin1.GetString(copy.ToArray());
            Received.Enqueue((context.Request.Path, text));
            if (context.Request.Path.StartsWithSegments("/v2.1", StringComparison.Ordinal))
            {
                var items = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
                await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"itemsReceived":{{items}},"itemsAccepted":{{items}},"errors":[]}"""));
            }
        }
    }
}
