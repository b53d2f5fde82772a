using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sending;

/// <summary>A captive portal or proxy answers 200 with its own page. The API has not received the request then.</summary>
[Trait(Categories.Name, Categories.Security)]
public sealed class ProxyPageTests
{
    private const string Page = "<html>Sign in</html>", Id = "66f1a0c2b7d14e3a9c5d0b01";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("createTimeEntry", Page, nameof(Outcome.Unknown))]
    [InlineData("createTimeEntry", "", nameof(Outcome.Unknown))]
    [InlineData("createTimeEntry", "{}", nameof(Outcome.Unknown))]
    [InlineData("createTimeEntry", "[]", nameof(Outcome.Unknown))]
    [InlineData("createTimeEntry", """{"id":7}""", nameof(Outcome.Unknown))]
    [InlineData("createTimeEntry", """{"id":"1"} <!-- proxy -->""", nameof(Outcome.Unknown))]
    [InlineData("createTimeEntry", """{"id":"1","cut""", nameof(Outcome.Unknown))]
    [InlineData("createTimeEntry", """{"status":"login required"}""", nameof(Outcome.Unknown))]
    [InlineData("createTimeEntry", """ {"nested":{"id":7},"id":"1"} """, nameof(Outcome.Delivered))]
    [InlineData("updateTask", Page, nameof(Outcome.Unknown))]
    [InlineData("updateTask", """{"id":"1"}""", nameof(Outcome.Delivered))]
    [InlineData("deleteTag", Page, nameof(Outcome.Unknown))]
    [InlineData("deleteTag", "\r\n", nameof(Outcome.Delivered))]
    [InlineData("deleteTag", """{"id":"1"}""", nameof(Outcome.Delivered))]
    public async Task ASuccessNeedsTheResponseShapeOfTheEndpoint(string endpoint, string body, string outcome)
    {
        await using var server = new FixedResponseServer(FixedResponseServer.Ok(body));
        var credential = Written.Credential(server.Address.AbsoluteUri);
        var inputs = endpoint == "updateTask" ? $$"""{"workspaceId":"{{Id}}","projectId":"{{Id}}"}""" : $$"""{"workspaceId":"{{Id}}"}""";
        var request = Written.Request($$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{{inputs}},"validation":"off","unknownAttributes":"ignore"}""", $$"""{"id":"{{Id}}","name":"x"}""", credential);
        using var client = new ClockifyClient(TimeProvider.System);
        var verdict = ResponseClassifier.Classify(await client.SendAsync(credential, request, Cancel));
        Assert.Equal(outcome, verdict.Outcome.ToString());
    }

    [Fact]
    public async Task TheResponseShapeOfAManualRequestIsNotChecked()
    {
        await using var server = new FixedResponseServer(FixedResponseServer.Ok(Page));
        var credential = Written.Credential(server.Address.AbsoluteUri);
        var request = Written.Request($$"""{"credential":"default","method":"POST","url":"{{server.Address}}x"}""", "{}", credential);
        using var client = new ClockifyClient(TimeProvider.System);
        Assert.Equal(Outcome.Delivered, ResponseClassifier.Classify(await client.SendAsync(credential, request, Cancel)).Outcome);
    }

    [Theory]
    [InlineData(400, """{"message":"Tag doesn't belong to Workspace","code":501}""", true)]
    [InlineData(400, Page, null)]
    [InlineData(200, """{"id":"1"}""", false)]
    [InlineData(200, Page, null)]
    [InlineData(503, "", null)]
    public async Task ADeletedObjectIsMissingOnlyIfTheApiReportsIt(int status, string body, bool? isGone)
    {
        var destination = Written.Destination($$"""{"credential":"default","endpoint":"deleteTag","inputs":{"workspaceId":"{{Id}}"} }""");
        var request = new RenderedRequest(HttpMethod.Delete, new Uri("https://api.clockify.me/api/v1/x"), default);
        var found = await Gone.IsAsync(destination, request, Some.Answer(400, """{"code":501}"""), read => Task.FromResult(Some.Answer(status, body) with { Expected = read.Answer }));
        Assert.Equal(isGone, found);
    }

    [Theory]
    [InlineData("updateMode", "updateTag", "\"merge\"")]
    [InlineData("archiveFirst", "deleteClient", "true")]
    public async Task APageInsteadOfTheObjectChangesNothing(string member, string endpoint, string value)
    {
        var destination = Written.Destination($$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Id}}"},"{{member}}":{{value}}}""");
        var request = new RenderedRequest(destination.Method, new Uri("https://api.clockify.me/api/v1/x"), "{}"u8.ToArray()) { Answer = destination.Endpoint!.Answer };
        foreach (var page in new[] { Page, "{}", "[]" })
        {
            var calls = 0;
            var (_, stopped) = await CallSequence.PrepareAsync(destination, request, read =>
            {
                calls++;
                return Task.FromResult(Some.Answer(200, page) with { Expected = read.Answer });
            });
            Assert.Equal((1, 0, false), (calls, stopped!.Status, stopped.LeftThisMachine));
        }
    }

    [Fact]
    public async Task AnArchiveCallAnsweredWithAPageIsNotFollowedByTheDelete()
    {
        var destination = Written.Destination($$"""{"credential":"default","endpoint":"deleteClient","inputs":{"workspaceId":"{{Id}}"},"archiveFirst":true}""");
        var request = new RenderedRequest(destination.Method, new Uri("https://api.clockify.me/api/v1/x"), default) { Answer = destination.Endpoint!.Answer };
        var (_, stopped) = await CallSequence.PrepareAsync(destination, request, sent => Task.FromResult(
            Some.Answer(200, sent.Method == HttpMethod.Get ? """{"id":"1","name":"x","archived":false}""" : Page) with { Expected = sent.Answer }));
        Assert.Equal(Outcome.Unknown, ResponseClassifier.Classify(stopped!).Outcome);
    }

    [Fact]
    public void EveryEndpointDefinesItsResponseShape() => Assert.All(EndpointTemplate.All, endpoint => Assert.NotEqual(AnswerShape.Any, endpoint.Answer));
}
