using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Telemetry;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Telemetry;

public sealed class SpansTests : IDisposable
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == Instruments.Name,
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public SpansTests() => ActivitySource.AddActivityListener(_listener);

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void ACallBelongsToTheTraceOfItsRecordAndContainsNeitherKeyNorQuery()
    {
        var destination = Written.Destination("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}}""");
        var request = new RenderedRequest(HttpMethod.Post, new Uri("https://api.clockify.me:444/api/v1/tags?secret=1"), default);
        using var drain = Spans.Drain(destination.Credential);
        using var span = CallSpans.Begin(destination, request, [new TraceContext(Parent, "vendor=1")], resend: 2)!;
        CallSpans.Answered(span, Some.Answer(503));

        Assert.Equal(Parent, span.ParentId);
        Assert.Equal("vendor=1", span.TraceStateString);
        Assert.Equal((ActivityKind.Client, ActivityStatusCode.Error, "POST"), (span.Kind, span.Status, span.DisplayName));
        Assert.Equal("https://api.clockify.me:444/api/v1/tags?*", span.GetTagItem("url.full"));
        Assert.Equal(("api.clockify.me", 444, 2, 503, "503"), (span.GetTagItem("server.address"), span.GetTagItem("server.port"), span.GetTagItem("http.request.resend_count"), span.GetTagItem("http.response.status_code"), span.GetTagItem("error.type")));
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value is string text && text.Contains(destination.Credential.ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public void ABatchAndARecordWithoutATraceStartNewTracesAndTheBatchLinksToItsRecords()
    {
        var destination = Written.Destination("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}}""");
        var request = new RenderedRequest(HttpMethod.Post, new Uri("https://api.clockify.me/api/v1/tags"), default);
        using var drain = Spans.Drain(destination.Credential)!;
        using (var alone = CallSpans.Begin(destination, request, [null], resend: 0)!) Assert.True(alone.Parent is null && alone.TraceId != drain.TraceId);
        using var batch = CallSpans.Begin(destination, request, [new TraceContext(Parent), null, new TraceContext(Parent)], resend: 0)!;
        Assert.Null(batch.Parent);
        Assert.Equal(Parent, $"00-{Assert.Single(batch.Links).Context.TraceId}-{batch.Links.Single().Context.SpanId}-01");
    }

    [Theory]
    [InlineData("""{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","tracestate":"vendor=1"}""", "vendor=1")]
    [InlineData("""{"Diagnostic-Id":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}""", null)]
    public void AMessageCarriesItsTraceInTheW3COrServiceBusForm(string properties, string? state) =>
        Assert.Equal(new TraceContext(Parent, state), Message(properties).Trace());

    [Theory]
    [InlineData("""{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"}""")]
    [InlineData("""{"traceparent":"junk"}""")]
    [InlineData("""{"traceparent":7}""")]
    [InlineData("{}")]
    public void AnInvalidTraceContextIsIgnored(string properties) => Assert.Null(Message(properties).Trace());

    private static ServiceBusReceivedMessage Message(string properties) => Received.Message("{}", properties: Received.Properties(properties));
}
