using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.LocalHost.ClockifySimulator;
using ClockifyFunctions.Tests.Support;
using RateWindow = ClockifyFunctions.Configuration.RateWindow;

namespace ClockifyFunctions.Tests.Sending;

public sealed class CallSequenceTests
{
    [Theory]
    [InlineData("deleteProject", Seed.BridgeProjectId)]
    [InlineData("deleteTask", Seed.DeckTaskId)]
    [InlineData("deleteClient", Seed.AcmeClientId)]
    public async Task AnActiveObjectIsArchivedAndThenDeleted(string endpoint, string id)
    {
        await using var fixture = await SimulatorFixture.StartAsync();
        var (plain, _) = await SendAsync(fixture, endpoint, "", $$"""{"id":"{{id}}"}""");
        Assert.Equal(400, plain.Status);
        var (result, calls) = await SendAsync(fixture, endpoint, ""","archiveFirst":true""", $$"""{"id":"{{id}}"}""");
        Assert.Equal((200, "GET PUT DELETE"), (result.Status, calls));
    }

    [Fact]
    public async Task AnArchiveCallWithItsOwnUrlNeedsNoRead()
    {
        var endpoint = EndpointTemplate.Find("deleteExpenseCategory")!;
        var destination = Examples.Destination(endpoint, rest: ""","archiveFirst":true""");
        var request = RequestRenderer.Render(destination, endpoint.Example, Written.Now).Request!;
        var calls = new List<string>();
        var (next, stopped) = await CallSequence.PrepareAsync(destination, request, call =>
        {
            calls.Add($"{call.Method} {call.Url.AbsolutePath} {System.Text.Encoding.UTF8.GetString(call.Body.Span)}");
            return Task.FromResult(Some.Answer(200, """{"id":"66f1a0c2b7d14e3a9c5d0f01"}"""));
        });
        Assert.Equal((request, null), (next, stopped));
        Assert.Equal(["""PATCH /api/v1/workspaces/64a687e29ae1f428e7ebe301/expenses/categories/66f1a0c2b7d14e3a9c5d0f01/status {"archived": true}"""], calls);
        Assert.Equal(2, CallSequence.Describe(destination, request)!.Count);
    }

    [Fact]
    public async Task AnArchivedObjectIsDeletedAtOnce()
    {
        await using var fixture = await SimulatorFixture.StartAsync();
        var (result, calls) = await SendAsync(fixture, "deleteProject", ""","archiveFirst":true""", $$"""{"id":"{{Seed.ArchivedProjectId}}"}""");
        Assert.Equal((200, "GET DELETE"), (result.Status, calls));
    }

    [Fact]
    public async Task AnUnknownObjectStopsTheSequenceWithItsAnswer()
    {
        await using var fixture = await SimulatorFixture.StartAsync();
        var (result, calls) = await SendAsync(fixture, "deleteClient", ""","archiveFirst":true""", """{"id":"66f1a0c2b7d14e3a9c5d0fff"}""");
        Assert.Equal((400, "GET"), (result.Status, calls));
    }

    [Theory]
    [InlineData("<html>maintenance", nameof(Outcome.Failed), "did not come from the API")]
    [InlineData("[]", nameof(Outcome.Failed), "did not come from the API")]
    [InlineData(null, nameof(Outcome.Rejected), "larger than 4 MB; use updateMode replace")]
    public async Task AFailedReadIsARefusalOnlyIfItIsPermanent(string? page, string outcome, string error)
    {
        var destination = Written.Destination($$"""{"credential":"default","endpoint":"updateTag","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"updateMode":"merge"}""");
        var request = RequestRenderer.Render(destination, Some.Json($$"""{"id":"{{Seed.OnSiteTagId}}","name":"n"}"""), Written.Now).Request!;
        var (_, stopped) = await CallSequence.PrepareAsync(destination, request, _ => Task.FromResult(Some.Answer(200, page ?? new string('x', ClockifyClient.MaxBody))));
        Assert.Equal(outcome, ResponseClassifier.Classify(stopped!).Outcome.ToString());
        Assert.Contains(error, stopped!.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("updateProject", """{"name":"n","hourlyRate":5000,"costRate":""}""", """{"id":"66f1a0c2b7d14e3a9c5d0fff","name":"n","hourlyRate":5000,"costRate":""}""")]
    [InlineData("updateTimeEntry", """{"customFieldValues":[null,7,{"customFieldId":"f","value":1}]}""", """{"id":"66f1a0c2b7d14e3a9c5d0fff","customFields":[{"customFieldId":"f","value":1}]}""")]
    public async Task AMergeAcceptsAnObjectWithUnusualMembers(string endpoint, string current, string expected)
    {
        var destination = Written.Destination($$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"updateMode":"merge"}""");
        var request = RequestRenderer.Render(destination, Some.Json("""{"id":"66f1a0c2b7d14e3a9c5d0fff"}"""), Written.Now).Request!;
        var (merged, _) = await CallSequence.PrepareAsync(destination, request, _ => Task.FromResult(Some.Answer(200, current)));
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(merged.Body.Span));
    }

    [Fact]
    public async Task AMergeOmitsAKindThatTheApiReturnsButDoesNotAccept()
    {
        var destination = Written.Destination($$"""{"credential":"default","endpoint":"updateTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"updateMode":"merge"}""");
        var request = RequestRenderer.Render(destination, Some.Json("""{"id":"66f1a0c2b7d14e3a9c5d0fff","description":"d"}"""), Written.Now).Request!;
        var current = """{"id":"66f1a0c2b7d14e3a9c5d0fff","type":"HOLIDAY","billable":true,"timeInterval":{"start":"2026-07-10T05:30:00Z","end":null}}""";
        var (merged, _) = await CallSequence.PrepareAsync(destination, request, _ => Task.FromResult(Some.Answer(200, current)));
        Assert.Equal("""{"id":"66f1a0c2b7d14e3a9c5d0fff","description":"d","start":"2026-07-10T05:30:00Z","billable":true}""", System.Text.Encoding.UTF8.GetString(merged.Body.Span));
    }

    [Fact]
    public async Task AMergedUpdateKeepsMembersThatTheRecordOmits()
    {
        await using var fixture = await SimulatorFixture.StartAsync();
        var created = await fixture.SendAsync("POST", SimulatorFixture.W + "/time-entries", new
        {
            start = "2026-07-10T05:30:00Z",
            end = "2026-07-10T06:30:00Z",
            description = "before",
            projectId = Seed.BridgeProjectId,
            taskId = Seed.DeckTaskId,
            tagIds = new[] { Seed.OnSiteTagId },
            billable = true,
        });
        var id = created.Text("id");
        var (result, calls) = await SendAsync(fixture, "updateTimeEntry", ""","updateMode":"merge" """, $$"""{"id":"{{id}}","description":"after"}""");
        Assert.Equal((200, "GET PUT"), (result.Status, calls));
        var entry = (await fixture.SendAsync("GET", $"{SimulatorFixture.W}/time-entries/{id}")).Json;
        Assert.Equal(
            ("after", Seed.BridgeProjectId, Seed.DeckTaskId, Seed.OnSiteTagId, "2026-07-10T06:30:00Z", true),
            ((string)entry["description"]!, (string)entry["projectId"]!, (string)entry["taskId"]!, (string)entry["tagIds"]![0]!, (string)entry["timeInterval"]!["end"]!, (bool)entry["billable"]!));
    }

    [Theory]
    [InlineData("updateProject", Seed.WebsiteProjectId, "\"note\":\"n\"")]
    [InlineData("updateTask", Seed.DeckTaskId, "\"estimate\":\"PT3H\"")]
    [InlineData("updateClient", Seed.AcmeClientId, "\"note\":\"n\"")]
    [InlineData("updateTag", Seed.OnSiteTagId, "\"archived\":true")]
    public async Task EveryUpdateCanBeMerged(string endpoint, string id, string change)
    {
        await using var fixture = await SimulatorFixture.StartAsync();
        var (result, calls) = await SendAsync(fixture, endpoint, ""","updateMode":"merge" """, $$"""{"id":"{{id}}",{{change}}}""");
        Assert.Equal((200, "GET PUT"), (result.Status, calls));
        if (endpoint == "updateProject") Assert.Contains("\"public\":true", result.Body.ToString());
    }

    private static async Task<(CallResult Result, string Calls)> SendAsync(SimulatorFixture fixture, string endpoint, string rest, string record)
    {
        var credential = new Credential("default", Seed.AdaKey, "X-Api-Key", fixture.Simulator.BaseAddress, [new RateWindow(10, TimeSpan.FromSeconds(1))]);
        var project = endpoint.EndsWith("Task", StringComparison.Ordinal) ? $",\"projectId\":\"{Seed.BridgeProjectId}\"" : "";
        var config = $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"{{project}}}{{rest}}}""";
        var destination = Written.Destination(config, credential);
        var rendered = RequestRenderer.Render(destination, Some.Json(record), Written.Now).Request!;
        using var client = new ClockifyClient(TimeProvider.System);
        var calls = new List<string>();
        var (request, stopped) = await CallSequence.PrepareAsync(destination, rendered, CallAsync);
        return (stopped ?? await CallAsync(request), string.Join(' ', calls));

        Task<CallResult> CallAsync(RenderedRequest next)
        {
            calls.Add(next.Method.Method);
            return client.SendAsync(credential, next, TestContext.Current.CancellationToken);
        }
    }
}
