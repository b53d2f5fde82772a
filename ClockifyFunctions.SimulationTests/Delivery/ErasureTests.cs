using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Maintenance;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>Deleted personal data is removed from storage.</summary>
[Trait(Categories.Name, Categories.Security)]
public sealed class ErasureTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ADeletedDestinationHasNoDataInStorage(bool force)
    {
        await using var world = await TestWorld.StartAsync();
        world.Send("entries", SampleRecords.Read("20"));
        world.Send("entries", """{"start":"secret"}""", "secret");
        await world.EventsAsync(20);
        await world.UntilAsync("two records are quarantined and no record waits", () => world.Quarantine("entries").Count == 2 && world.Waiting("entries") == 0);
        if (!force)
        {
            Assert.Equal(Removal.InQuarantine, await RemoveAsync(world, force: false));
            await world.DoneAsync("the entries are discarded", world.App.Get<Replayer>().DiscardAsync("entries", null, CancellationToken.None));
        }

        Assert.NotEmpty(await BlobsAsync(world));
        Assert.Equal(Removal.Done, await RemoveAsync(world, force));
        Assert.Empty(await BlobsAsync(world));
    }

    [Fact]
    public async Task ADestinationWithWaitingRecordsIsDeletedOnlyWithForce()
    {
        await using var world = await TestWorld.StartAsync();
        await world.PauseAsync("entries");
        world.Send("entries", SampleRecords.Read("3"));
        await world.UntilAsync("the records wait", () => world.Waiting("entries") == 3);
        Assert.Equal(Removal.RecordsWait, await RemoveAsync(world, force: false));
        Assert.Equal(Removal.Done, await RemoveAsync(world, force: true));
        Assert.Empty(await BlobsAsync(world));
    }

    [Fact]
    public async Task ADestinationThatHasOnlyLinksIsDeletedWithItsLinks()
    {
        await using var world = await TestWorld.StartAsync();
        var links = new Links(world.Observe<BlobAccount>(), world.Credential.Name, "entries");
        await world.DoneAsync("the links are read", links.OpenAsync(CancellationToken.None));
        await world.DoneAsync("the link is durable", links.AppendAsync(LinkLine.Of("key", new Link(LinkState.Active, ObjectId.Parse(Seed.WebsiteProjectId), default, 0, world.Clock.GetUtcNow()))));
        Assert.Contains(await BlobsAsync(world), name => name.StartsWith("links/", StringComparison.Ordinal));
        Assert.Equal(Removal.Done, await RemoveAsync(world, force: false));
        Assert.Empty(await BlobsAsync(world));
    }

    [Fact]
    public async Task ADestinationThatIsDeletedDuringItsFirstDrainAndCreatedAgainStartsEmpty()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("100");
        world.Send("entries", records);
        await world.UntilAsync("15 entries are created", () => world.Ledger.CreatedTimeEntries.Count >= 15);
        Assert.Equal(Removal.Done, await RemoveAsync(world, force: true));
        var before = world.Ledger.CreatedTimeEntries.Count;
        Assert.InRange(before, 15, 99);

        await world.EntriesAsync();
        world.Send("entries", records[0], records[1]);
        await world.EventsAsync(before + 2);
        await world.UntilAsync("no record waits", () => world.Waiting("entries") == 0);
        Assert.Equal(before + 2, world.Ledger.CreatedTimeEntries.Count);
    }

    [Fact]
    public async Task ADiscardedRecordIsErasedAndTheOthersStay()
    {
        await using var world = await TestWorld.StartAsync();
        world.Send("entries", """{"start":"secret one"}""", """{"start":"secret two"}""");
        await world.UntilAsync("two are quarantined", () => world.Quarantine("entries").Count == 2);
        var one = world.Quarantine("entries").Single(entry => entry.Record!.Value.GetRawText().Contains("one", StringComparison.Ordinal));
        await world.DoneAsync("the entry is discarded", world.App.Get<Replayer>().DiscardAsync("entries", [one.Id], CancellationToken.None));
        var text = string.Concat(await TextsAsync(world, world.Observe<BlobAccount>().Quarantine));
        Assert.DoesNotContain("secret one", text, StringComparison.Ordinal);
        Assert.Contains("secret two", text, StringComparison.Ordinal);
        Assert.Single(world.Quarantine("entries"));
    }

    private static async Task<Removal> RemoveAsync(TestWorld world, bool force)
    {
        var (stored, etag) = (await world.Observe<DestinationStore>().ReadAsync("entries", CancellationToken.None))!.Value;
        return await world.DoneAsync("the destination is removed", world.App.Get<DestinationRemoval>().RemoveAsync(stored, etag, force, CancellationToken.None));
    }

    /// <summary>Names of all blobs of the destination.</summary>
    private static async Task<IReadOnlyList<string>> BlobsAsync(TestWorld world)
    {
        var account = world.Observe<BlobAccount>();
        var names = new List<string>();
        foreach (var container in new[] { account.Destinations, account.Backlog, account.Journal, account.Links, account.Quarantine })
            await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None))
                if (blob.Name.Contains("entries", StringComparison.Ordinal)) names.Add($"{container.Name}/{blob.Name}");
        return names;
    }

    private static async Task<IReadOnlyList<string>> TextsAsync(TestWorld world, Azure.Storage.Blobs.BlobContainerClient container)
    {
        var texts = new List<string>();
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None))
            texts.Add((await container.GetBlobClient(blob.Name).DownloadContentAsync(CancellationToken.None)).Value.Content.ToString());
        return texts;
    }
}
