using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

public sealed class RenderingTests : StackTest
{
    private readonly BatchServer _server = new(5, 13);

    internal override LocalStackOptions Options => new()
    {
        ExtraSettings = new Dictionary<string, string> { [$"Credentials__{LocalStack.Credential}__AllowedHosts"] = $"http://{_server.Authority}" },
    };

    [Fact]
    public async Task ARefusedBatchIsBisectedUntilTheBadRecordsStandAlone()
    {
        await PutAsync("bulk", $$"""{"credential":"default","method":"POST","url":"http://{{_server.Authority}}/items","batching":{"size":8} }""", activate: false);
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', Enumerable.Range(0, 20).Select(n => $"{{\"n\":{n}}}"))}]"], "bulk");
        await Eventually.TrueAsync("the records wait", async () => (await GetAsync("destinations/bulk/status")).GetProperty("waiting").GetProperty("bytes").GetInt64() > 0, Patience);
        await ActivateAsync("bulk");
        await Events.WhenAsync(20, Patience);

        Assert.Equal(Enumerable.Range(0, 20).Except([5, 13]), _server.Taken.Order());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], _server.Requests.First(request => request.Contains(0)));
        Assert.Contains(_server.Requests, request => request is [5]);
        Assert.Contains(_server.Requests, request => request is [13]);
        var quarantine = (await GetAsync("quarantine/bulk")).EnumerateArray().ToArray();
        Assert.Equal([5, 13], quarantine.Select(entry => entry.GetProperty("record").GetProperty("n").GetInt32()).Order());
        Assert.All(quarantine, entry => Assert.Equal("rejected", entry.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task ABatchThatMayHaveBeenTakenIsNotSentAgainInParts()
    {
        _server.Slow = 2;
        await PutAsync("bulk", $$"""{"credential":"default","method":"POST","url":"http://{{_server.Authority}}/items","batching":{"size":4} }""");
        await Client.SendAsync(LocalStack.Records, ["""[{"n":0},{"n":1},{"n":2},{"n":3}]"""], "bulk");
        await Events.WhenAsync(4, Patience);
        Assert.Equal([0, 1, 2, 3], Assert.Single(_server.Requests));
        Assert.All(Events.All, one => Assert.Equal("clockify.call.unknown", one.GetProperty("type").GetString()));
        Assert.All((await GetAsync("quarantine/bulk")).EnumerateArray(), entry => Assert.Contains("check in Clockify", entry.GetProperty("reason").GetString(), StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(3, 3600)] // Full before it is old.
    [InlineData(100, 4)] // Old before it is full.
    public async Task AShortBatchWaitsForMoreRecordsUntilItIsFullOrOld(int size, int maxAgeSeconds)
    {
        await PutAsync("bulk", $$"""{"credential":"default","method":"POST","url":"http://{{_server.Authority}}/items","batching":{"size":{{size}},"maxAgeSeconds":{{maxAgeSeconds}}} }""");
        await Client.SendAsync(LocalStack.Records, ["""{"n":0}""", """{"n":1}"""], "bulk");
        await Eventually.TrueAsync("a ticket for when the batch is old", () => Task.FromResult(Stack.Bus.Queue(LocalStack.Drain).Counts.Scheduled > 0), Patience);
        Assert.Empty(_server.Requests);

        await Client.SendAsync(LocalStack.Records, ["""{"n":2}"""], "bulk");
        await Events.WhenAsync(3, Patience);
        Assert.Equal([0, 1, 2], Assert.Single(_server.Requests).Order());
    }

    [Fact]
    public async Task AnInvalidRecordIsQuarantinedWithoutACallAndTheOthersGoOn()
    {
        await Client.SendAsync(LocalStack.Records, ["""{"start":"2026-11-02T10:00:00"}""", """{"start":"2026-11-02T10:00:00Z","description":"fine"}"""], "entries");
        await Events.WhenAsync(1, Patience);
        await Eventually.TrueAsync("the invalid one is quarantined", async () => (await GetAsync("quarantine/entries")).GetArrayLength() == 1, Patience);

        var entry = (await GetAsync("quarantine/entries"))[0];
        Assert.Equal("invalid", entry.GetProperty("kind").GetString());
        Assert.Contains("$.start", entry.GetProperty("reason").GetString());
        Assert.Single(Ledger.Calls);
    }

    [Fact]
    public async Task ADestinationThatIsChangedWhileItSendsIsUsedAsItIsNow()
    {
        var records = SampleRecords.Read("150");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Ledger.WhenCreatedAsync(10, Cancel);
        await PutAsync("entries", $$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"excludeAttributes":["billable"]}""", activate: false);
        await Events.WhenAsync(records.Count, Patience);
        AssertExactlyOnce(records);
        var asBefore = Events.All.Count(one => one.GetProperty("data").GetProperty("request").GetProperty("body").GetString()!.Contains("\"billable\"", StringComparison.Ordinal));
        // What was read already, and five seconds' worth at most.
        Assert.InRange(asBefore, 1, records.Count(record => record.Contains("\"billable\"", StringComparison.Ordinal)) * 3 / 4);
    }

    [Fact]
    public async Task AProjectIsArchivedAndThenDeletedAndAnUpdateIsMerged()
    {
        await PutAsync("gone", $$"""{"credential":"default","endpoint":"deleteProject","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"archiveFirst":true}""");
        await PutAsync("tags", $$"""{"credential":"default","endpoint":"updateTag","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"updateMode":"merge","idFrom":"tag"}""");
        await Client.SendAsync(LocalStack.Records, [$$"""{"id":"{{Seed.WebsiteProjectId}}"}"""], "gone");
        await Client.SendAsync(LocalStack.Records, [$$"""{"tag":"{{Seed.OnSiteTagId}}","archived":true}"""], "tags");
        await Events.WhenAsync(2, Patience);

        Assert.All(Events.All, response => Assert.Equal("clockify.call.delivered", response.GetProperty("type").GetString()));
        Assert.Equal(5, Ledger.Calls.Count);
        var schema = await GetAsync("schema/destination");
        Assert.Equal("Destination", schema.GetProperty("title").GetString());
    }

    private async Task PutAsync(string id, string config, bool activate = true)
    {
        using var content = JsonContent.Create(JsonNode.Parse(config));
        await content.LoadIntoBufferAsync(Cancel);
        using var answer = await Stack.Api.PutAsync($"destinations/{id}", content, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        if (activate) await ActivateAsync(id);
    }

    private async Task ActivateAsync(string id) => (await Stack.Api.PostAsync($"destinations/{id}/activate", null, Cancel)).EnsureSuccessStatusCode();
}
