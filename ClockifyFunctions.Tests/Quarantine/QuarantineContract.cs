using System.Text;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.Tests.Quarantine;

public abstract class QuarantineContract
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly QuarantineStore _quarantine;

    private protected QuarantineContract(BlobAccount account) => _quarantine = new QuarantineStore(account);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARecordThatComesBackHasItsHistoryAndOneThatDoesNotIsGone()
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
    public async Task WhatACrashWroteTwiceIsListedOnceAndNotAgainAfterItWasDealtWith()
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
    public async Task OfManyOnlyTheFirstAreListedAndAllAreReadInParts()
    {
        var place = Some.Name();
        var large = Some.Json($"\"{new string('x', 1 << 20)}\"");
        for (var part = 0; part < 5; part++)
            await AddAsync(place, [.. Enumerable.Range(0, 3).Select(number => Entry($"{part}-{number}", "large") with { Record = large })]);
        await CloseAsync(place, "0-0", QuarantineEntry.Discarded);
        var (few, all) = (await _quarantine.ListAsync(place, 2, Cancel), await _quarantine.ListAsync(place, 100, Cancel));
        Assert.Equal(("0-1 0-2", 14), (string.Join(' ', few.Entries.Select(entry => entry.Id)), few.Total));
        Assert.Equal((7, 14), (all.Entries.Count, all.Total)); // As much as 8 MB hold.
        Assert.Same(all, await _quarantine.ListAsync(place, 100, Cancel));

        var parts = new List<int>();
        await foreach (var part in _quarantine.AllAsync(place, Cancel)) parts.Add(part.Count);
        Assert.Equal([7, 7], parts);
        await CloseAsync(place, "0-1", QuarantineEntry.Discarded);
        Assert.Equal(13, (await _quarantine.ListAsync(place, 100, Cancel)).Total);
    }

    [Fact]
    public async Task AMessageOfManyMegabytesIsKeptWholeBesideTheLog()
    {
        var place = Some.Name();
        var body = Encoding.ASCII.GetBytes(new string('x', 5 << 20));
        await AddAsync(place, Entry("1", "too large") with { Raw = body });
        var entry = Assert.Single(await ListAsync(place));
        Assert.Null(entry.Raw);
        Assert.Equal(body, await _quarantine.RawAsync(entry, Cancel));
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
