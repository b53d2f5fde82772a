using System.Text;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.Tests.Quarantine;

public abstract class QuarantineContract
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly BlobAccount _account;
    private readonly QuarantineStore _quarantine;

    private protected QuarantineContract(BlobAccount account) => (_account, _quarantine) = (account, new QuarantineStore(account));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARecordThatIsQuarantinedAgainHasItsHistoryAndAReplayedOneIsNotListed()
    {
        var place = Some.Name();
        await AddAsync(place, Entry("1", "first"), Entry("2", "other"));
        await CloseAsync(place, "1", QuarantineEntry.Replayed);
        Assert.Equal(["2"], (await ListAsync(place)).Select(entry => entry.Id));

        await AddAsync(place, Entry("1", "second") with { Replay = 1 });
        await CloseAsync(place, "2", QuarantineEntry.Discarded);
        var left = Assert.Single(await ListAsync(place));
        Assert.Equal(("1", "second", "first"), (left.Id, left.Reason, Assert.Single(left.History!).Reason));
    }

    [Fact]
    public async Task AnEntryThatACrashWroteTwiceIsListedOnceUntilItIsClosed()
    {
        var place = Some.Name();
        await AddAsync(place, Entry("1", "first"), Entry("1", "first"));
        Assert.Single(await ListAsync(place));
        await CloseAsync(place, "1", QuarantineEntry.Replayed);
        await AddAsync(place, Entry("1", "first"));
        Assert.Empty(await ListAsync(place));
    }

    [Fact]
    public async Task ARecordThatIsRefusedAgainBeforeItsReplayIsNotedIsListed()
    {
        var place = Some.Name();
        await AddAsync(place, Entry("1", "first"));
        var replayed = await ListAsync(place);
        await AddAsync(place, Entry("1", "second") with { Replay = 1 });
        await _quarantine.CloseAsync(place, replayed, QuarantineEntry.Replayed, Monday, Cancel);
        Assert.Equal("second", Assert.Single(await ListAsync(place)).Reason);
        await CloseAsync(place, "1", QuarantineEntry.Replayed);
        Assert.Empty(await ListAsync(place));
    }

    [Fact]
    public async Task AListingHasTheFirstEntriesAndAllEntriesAreReadInParts()
    {
        var place = Some.Name();
        var large = Some.Json($"\"{new string('x', 1 << 20)}\"");
        for (var part = 0; part < 5; part++)
            await AddAsync(place, [.. Enumerable.Range(0, 3).Select(number => Entry($"{part}-{number}", "large") with { Record = large })]);
        await CloseAsync(place, "0-0", QuarantineEntry.Discarded);
        var (few, all) = (await _quarantine.ListAsync(place, 2, Cancel), await _quarantine.ListAsync(place, 100, Cancel));
        Assert.Equal(("0-1 0-2", 14), (string.Join(' ', few.Entries.Select(entry => entry.Id)), few.Total));
        Assert.Equal((7, 14), (all.Entries.Count, all.Total)); // As many as fit into 8 MB.
        Assert.Same(all, await _quarantine.ListAsync(place, 100, Cancel));

        var parts = new List<int>();
        await foreach (var part in _quarantine.AllAsync(place, Cancel)) parts.Add(part.Count);
        Assert.Equal([7, 7], parts);
        await CloseAsync(place, "0-1", QuarantineEntry.Discarded);
        Assert.Equal(13, (await _quarantine.ListAsync(place, 100, Cancel)).Total);
    }

    [Fact]
    public async Task ALargeMessageIsStoredCompletelyInItsOwnBlob()
    {
        var place = Some.Name();
        var body = Encoding.ASCII.GetBytes(new string('x', 5 << 20));
        await AddAsync(place, Entry("1", "too large") with { Raw = body });
        var entry = Assert.Single(await ListAsync(place));
        Assert.Null(entry.Raw);
        Assert.Equal(body, await _quarantine.RawAsync(entry, Cancel));
    }

    [Fact]
    [Trait(Categories.Name, Categories.Security)]
    public async Task DiscardedEntriesAreErasedAndTheOthersKeepTheirOrder()
    {
        var place = Some.Name();
        foreach (var number in Enumerable.Range(0, 4)) await AddAsync(place, Secret($"{number}a"), Secret($"{number}b"));
        await CloseAsync(place, "1a", QuarantineEntry.Discarded);
        await CloseAsync(place, "2b", QuarantineEntry.Discarded);
        await _quarantine.EraseClosedAsync(place, Monday, Cancel);
        await AddAsync(place, Secret("4a"));

        Assert.Equal("0a 0b 1b 2a 3a 3b 4a", string.Join(' ', (await ListAsync(place)).Select(entry => entry.Id)));
        var text = await TextAsync(place);
        Assert.DoesNotContain("secret of 1a", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret of 2b", text, StringComparison.Ordinal);
        Assert.Contains("secret of 0a", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(Categories.Name, Categories.Security)]
    public async Task AfterDiscardingAllEntriesNothingIsLeft()
    {
        var place = Some.Name();
        await AddAsync(place, Secret("1"), Secret("2") with { Record = null, Raw = Encoding.ASCII.GetBytes($"secret{new string('x', 2 << 20)}") });
        await CloseAsync(place, "1", QuarantineEntry.Discarded);
        await CloseAsync(place, "2", QuarantineEntry.Discarded);
        await _quarantine.EraseClosedAsync(place, Monday, Cancel);
        Assert.DoesNotContain("secret", await TextAsync(place), StringComparison.Ordinal);
        // A crash can cause a copy of an entry to be written later. The entry must not be open then.
        await AddAsync(place, Secret("1"));
        Assert.Empty(await ListAsync(place));
    }

    [Fact]
    [Trait(Categories.Name, Categories.Security)]
    public async Task ReplayedEntriesAreErasedAfterAWeekAndKeepTheirHistory()
    {
        var place = Some.Name();
        await AddAsync(place, Secret("1") with { Reason = "first" }, Secret("2"));
        await CloseAsync(place, "1", QuarantineEntry.Replayed);
        await _quarantine.EraseClosedAsync(place, Monday.AddDays(6), Cancel);
        Assert.Contains("secret of 1", await TextAsync(place), StringComparison.Ordinal);

        await AddAsync(place, Secret("1") with { Reason = "second", Replay = 1, Record = Some.Json("{}") });
        await _quarantine.EraseClosedAsync(place, Monday.AddDays(7), Cancel);
        Assert.DoesNotContain("secret of 1", await TextAsync(place), StringComparison.Ordinal);
        Assert.Equal(["first"], (await ListAsync(place)).Single(entry => entry.Id == "1").History!.Select(earlier => earlier.Reason));
        await CloseAsync(place, "2", QuarantineEntry.Discarded);
        await _quarantine.EraseClosedAsync(place, Monday.AddDays(7), Cancel);
        Assert.Equal(["first"], Assert.Single(await ListAsync(place)).History!.Select(earlier => earlier.Reason));
    }

    [Fact]
    [Trait(Categories.Name, Categories.Security)]
    public async Task AnEntryAddedDuringAnErasureIsNotLost()
    {
        var place = Some.Name();
        await AddAsync(place, [.. Enumerable.Range(0, 50).Select(number => Secret($"old{number}"))]);
        await CloseAsync(place, "old7", QuarantineEntry.Discarded);
        // Another instance appends to the segment that it knows as the newest.
        var other = new QuarantineStore(_account);
        await other.AddAsync(place, [Secret("new0")], Cancel);
        await Task.WhenAll(
            _quarantine.EraseClosedAsync(place, Monday, Cancel), other.EraseClosedAsync(place, Monday, Cancel),
            AddAllAsync(Enumerable.Range(1, 30)));
        Assert.Equal(49 + 31, (await ListAsync(place)).Count);
        Assert.DoesNotContain("secret of old7\"", await TextAsync(place), StringComparison.Ordinal);

        async Task AddAllAsync(IEnumerable<int> numbers)
        {
            foreach (var number in numbers) await other.AddAsync(place, [Secret($"new{number}")], Cancel);
        }
    }

    [Theory]
    [Trait(Categories.Name, Categories.Security)]
    [InlineData(false, "2")]
    [InlineData(true, "")]
    public async Task TheQuarantineOfADeletedDestinationIsErased(bool all, string left)
    {
        var place = Some.Name();
        await AddAsync(place, Secret("1"), Secret("2"), Secret("3") with { Raw = new byte[2 << 20] });
        await CloseAsync(place, "1", QuarantineEntry.Replayed);
        await CloseAsync(place, "3", QuarantineEntry.Discarded);
        await _quarantine.DeleteAsync(place, onlyClosed: !all, Cancel);
        Assert.Equal(left, string.Join(' ', (await ListAsync(place)).Select(entry => entry.Id)));
        Assert.DoesNotContain("secret of 1", await TextAsync(place), StringComparison.Ordinal);
        Assert.Equal(all ? 0 : 1, await CountAsync(place));
    }

    private static QuarantineEntry Secret(string id) => Entry(id, "rejected") with { Record = Some.Json($$"""{"secret":"secret of {{id}}"}""") };

    /// <summary>All stored data of a quarantine, as text.</summary>
    private async Task<string> TextAsync(string place)
    {
        var text = new StringBuilder();
        await foreach (var blob in _account.Quarantine.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{place}/", Cancel))
            text.Append((await _account.Quarantine.GetBlobClient(blob.Name).DownloadContentAsync(Cancel)).Value.Content);
        return text.ToString();
    }

    private async Task<int> CountAsync(string place)
    {
        var count = 0;
        await foreach (var _ in _account.Quarantine.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{place}/", Cancel)) count++;
        return count;
    }

    private static QuarantineEntry Entry(string id, string reason) => new(id, null, null, Monday, "rejected", reason, Record: Some.Json("{}"));

    private Task AddAsync(string place, params QuarantineEntry[] entries) => _quarantine.AddAsync(place, entries, Cancel);

    private async Task<IReadOnlyList<QuarantineEntry>> ListAsync(string place) => (await _quarantine.ListAsync(place, 100, Cancel)).Entries;

    private async Task CloseAsync(string place, string id, string how) =>
        await _quarantine.CloseAsync(place, (await ListAsync(place)).Where(entry => entry.Id == id), how, Monday, Cancel);
}

public sealed class QuarantineTests() : QuarantineContract(InMemoryStorage.Open());

[Collection(AzuriteCollection.Name)]
public sealed class QuarantineOnAzuriteTests(AzuriteFixture azurite) : QuarantineContract(azurite.Account);
