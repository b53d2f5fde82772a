using Azure.Storage.Blobs.Models;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>One key, and beside the API a host of its owner's that is down, hangs, or answers when nobody can take it down.</summary>
public sealed class ListedHostTests : StackTest
{
    private readonly BatchServer _server = new(31);

    internal override LocalStackOptions Options => new()
    {
        SweepSchedule = "*/5 * * * * *",
        ExtraSettings = new Dictionary<string, string> { [$"Credentials__{LocalStack.Credential}__AllowedHosts"] = $"http://{_server.Authority}" },
    };

    [Fact]
    public async Task AHostThatIsDownHoldsUpItsOwnDestinationAndNoOther()
    {
        _server.IsDown = true;
        await ActivateAsync("bulk", $$"""{"credential":"default","method":"PUT","url":"http://{{_server.Authority}}/items","batching":{"size":1} }""");
        var records = SampleRecords.Read("120");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Client.SendAsync(LocalStack.Records, ["""{"n":0}""", """{"n":1}"""], "bulk");
        await Events.WhenAsync(records.Count, Patience);
        AssertExactlyOnce(records);
        Assert.True(Ledger.Utilisation(Seed.AdaKey, Stack.Options.Permits, TimeSpan.FromSeconds(1)) > 0.6, "The key was idle for long.");
        Assert.Empty(_server.Taken);

        _server.IsDown = false;
        await Events.WhenAsync(records.Count + 2, Patience);
        Assert.Equal([0, 1], _server.Taken.Order());
        Assert.Equal(0, (await GetAsync("quarantine/bulk")).GetArrayLength());
    }

    [Fact]
    public async Task AHostThatHangsLeavesTheRateToTheOthers()
    {
        _server.Hangs = true;
        await ActivateAsync("hang", $$"""{"credential":"default","method":"PUT","url":"http://{{_server.Authority}}/items/{record.n}","batching":{"size":1} }""");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', Enumerable.Range(0, 200).Select(n => $"{{\"n\":{n}}}"))}]"], "hang");
        var records = SampleRecords.Read("200");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', records)}]"], "entries");
        await Events.WhenAsync(records.Count, Patience);
        AssertExactlyOnce(records);
        // Calls without an answer are taken to arrive late, which costs ten seconds once.
        Assert.True(Ledger.Utilisation(Seed.AdaKey, Stack.Options.Permits, TimeSpan.FromSeconds(1)) > 0.5, "The key was idle for long.");
    }

    [Fact]
    public async Task AHostThatHangsLeavesRoomForWhoComesLater()
    {
        _server.Hangs = true;
        await ActivateAsync("hang", $$"""{"credential":"default","method":"PUT","url":"http://{{_server.Authority}}/items/{record.n}","batching":{"size":1} }""");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', Enumerable.Range(0, 200).Select(n => $"{{\"n\":{n}}}"))}]"], "hang");
        await Eventually.TrueAsync("it has all calls it may have", () => Task.FromResult(_server.Requests.Count >= 40), Patience);
        var records = SampleRecords.Read("5");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', records)}]"], "entries");
        // Earlier than the first call is given up.
        await Events.WhenAsync(records.Count, TimeSpan.FromSeconds(20));
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ABatchThatAGoodKeyHasNoRightToIsBisectedAsWell()
    {
        _server.RefusesWith = 403;
        await ActivateAsync("bulk", $$"""{"credential":"default","method":"POST","url":"http://{{_server.Authority}}/items","batching":{"size":4} }""");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', Enumerable.Range(30, 4).Select(n => $"{{\"n\":{n}}}"))}]"], "bulk");
        await Events.WhenAsync(4, Patience);
        Assert.Equal([30, 32, 33], _server.Taken.Order());
        Assert.Equal(31, Assert.Single((await GetAsync("quarantine/bulk")).EnumerateArray()).GetProperty("record").GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task TheOutcomeOfAWholeBatchIsKnownAfterAKillThoughTheBrokerWasAway()
    {
        _server.Answering = () =>
        {
            Stack.Bus.StopListening();
            Stack.Bus.DropConnections();
        };
        await ActivateAsync("bulk", $$"""{"credential":"default","method":"POST","url":"http://{{_server.Authority}}/items","batching":{"size":8} }""");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', Enumerable.Range(20, 8).Select(n => $"{{\"n\":{n}}}"))}]"], "bulk");
        await Eventually.TrueAsync("all outcomes are in the journal", async () => (await JournalAsync("bulk")).Split("clockify.call.delivered").Length == 9, Patience);
        Stack.Hosts[0].Worker!.Kill();
        Stack.Bus.StartListening();
        await using var again = await BusClient.ConnectAsync(Stack.Bus.Port);
        await new ResponseEvents(again).WhenAsync(8, Patience);
        Assert.Single(_server.Requests);
        Assert.Equal(0, (await GetAsync("quarantine/bulk")).GetArrayLength());
    }

    private async Task<string> JournalAsync(string destination)
    {
        var text = "";
        var journal = new BlobAccount(Some.Settings(Stack.Azurite.ConnectionString)).Journal;
        await foreach (var blob in journal.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{LocalStack.Credential}/{destination}/", Cancel))
            text += (await journal.GetBlobClient(blob.Name).DownloadContentAsync(Cancel)).Value.Content;
        return text;
    }
}
