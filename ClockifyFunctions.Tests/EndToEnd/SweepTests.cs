using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A sweep every three seconds, where the app as deployed has one a minute.</summary>
public sealed class SweepTests : StackTest
{
    internal override LocalStackOptions Options => new() { SweepSchedule = "*/3 * * * * *" };

    [Fact]
    public async Task ALostTicketIsMadeUpForByTheSweep()
    {
        var records = SampleRecords.Read("5");
        (await Stack.Api.PostAsync("destinations/entries/pause", null, Cancel)).EnsureSuccessStatusCode();
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Eventually.TrueAsync("the records wait", async () => (await GetAsync("destinations/entries/status")).GetProperty("waiting").GetProperty("bytes").GetInt64() > 0, Patience);
        await Eventually.TrueAsync("their tickets are used up", () => Task.FromResult(Stack.Bus.Queue(LocalStack.Drain).Counts is { Active: 0, Locked: 0, Scheduled: 0 }), Patience);
        // As if whoever activated it had died before sending a ticket.
        var stored = new Azure.Storage.Blobs.BlobContainerClient(Stack.Azurite.ConnectionString, "destinations").GetBlobClient("entries.json");
        var text = (await stored.DownloadContentAsync(Cancel)).Value.Content.ToString();
        Assert.Contains("\"paused\"", text, StringComparison.Ordinal);
        await stored.UploadAsync(BinaryData.FromString(text.Replace("\"paused\"", "\"active\"", StringComparison.Ordinal)), overwrite: true, Cancel);
        await Events.WhenAsync(5, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task RecordsWhoseDestinationWasDeletedWhileTheyWereOnTheirWayAreGivenToAPerson()
    {
        var records = SampleRecords.Read("3");
        (await Stack.Api.PostAsync("destinations/entries/pause", null, Cancel)).EnsureSuccessStatusCode();
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Eventually.TrueAsync("the records wait", async () => (await GetAsync("destinations/entries/status")).GetProperty("waiting").GetProperty("records").GetInt64() == 3, Patience);
        // As if another process had known it still.
        await new Azure.Storage.Blobs.BlobContainerClient(Stack.Azurite.ConnectionString, "destinations").GetBlobClient("entries.json").DeleteAsync(cancellationToken: Cancel);
        await Eventually.TrueAsync("they are in quarantine", async () => (await GetAsync("quarantine/_unrouted")).GetArrayLength() == 3, Patience);

        // Whoever makes it again gets what is replayed, and nothing else.
        await ActivateAsync("entries", $$$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{{Seed.WorkspaceId}}}"}}""");
        using var all = new StringContent("""{"all":true}""", System.Text.Encoding.UTF8, "application/json");
        (await Stack.Api.PostAsync("quarantine/_unrouted/replay", all, Cancel)).EnsureSuccessStatusCode();
        await Events.WhenAsync(3, Patience);
        AssertExactlyOnce(records);
    }
}
