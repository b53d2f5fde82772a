using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Sync;

public sealed class LinksTests
{
    private readonly FakeTimeProvider _time = new(Written.Now);
    private readonly BlobAccount _account;

    public LinksTests() => _account = InMemoryStorage.Open(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheLastWrittenLinkOfAKeyIsValid()
    {
        var links = await OpenAsync();
        await links.AppendAsync(LinkLine.Of("a", LinkTo(1, hash: 7), null));
        await links.AppendAsync(LinkLine.Of("b", LinkTo(2), "run"));
        await links.AppendAsync(LinkLine.Of("a", LinkTo(1, hash: 8) with { State = LinkState.Archived }, null));
        foreach (var read in new[] { links, await OpenAsync() })
        {
            Assert.Equal((LinkState.Archived, (UInt128)8, Id(1)), (Find(read, "a").State, Find(read, "a").Hash, Find(read, "a").Id));
            Assert.Equal(LinkTo(2), Find(read, "b"));
            Assert.Equal(default, Find(read, "c"));
            Assert.Equal(1, read.Active);
            Assert.Equal(Links.HashOf("b"), read.KeyOf(Id(2)));
            Assert.Null(read.KeyOf(Id(3)));
        }
    }

    [Fact]
    public async Task AProcessThatHasLostTheGateWritesNoLink()
    {
        using var lost = new CancellationTokenSource();
        var former = await OpenAsync(lost.Token);
        await former.AppendAsync(LinkLine.Of("a", LinkTo(1), null));
        var successor = await OpenAsync();
        await successor.AppendAsync(LinkLine.Of("a", LinkTo(2), null));

        await lost.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => former.AppendAsync(LinkLine.Of("a", LinkTo(3), null)));
        Assert.Equal(Id(2), Find(await OpenAsync(), "a").Id);
    }

    [Fact]
    public async Task AnAppendAfterALineOfAnotherProcessReadsThatLineFirst()
    {
        var links = await OpenAsync();
        await links.AppendAsync(LinkLine.Of("a", LinkTo(1), null));
        var other = await OpenAsync();
        await other.AppendAsync(LinkLine.Of("b", LinkTo(2), null));
        // The first process has not read the line of the second process. It reads that line and then appends its own line.
        await links.AppendAsync(LinkLine.Of("c", LinkTo(3), null));
        var read = await OpenAsync();
        Assert.Equal((Id(1), Id(2), Id(3)), (Find(read, "a").Id, Find(read, "b").Id, Find(read, "c").Id));
        Assert.Equal(Id(2), Find(links, "b").Id);
    }

    [Fact]
    public async Task ALongLogIsRewrittenWithOneLineForEachKeyAndLosesNothing()
    {
        var links = await OpenAsync();
        for (var round = 0; round < 5; round++)
            await links.AppendAsync([.. Enumerable.Range(0, 3000).Select(number => LinkLine.Of($"key {number}", LinkTo(number, hash: (UInt128)(round + 1))))]);
        await links.AppendAsync(LinkLine.Of("gone", LinkTo(9999) with { State = LinkState.None }, null));
        var before = await BytesAsync();

        await links.OpenAsync(Cancel);
        Assert.InRange(await BytesAsync(), 1, before / 4);
        foreach (var read in new[] { links, await OpenAsync() })
        {
            Assert.Equal(3000, read.Active);
            Assert.All(new[] { 0, 1500, 2999 }, number => Assert.Equal(LinkTo(number, hash: 5), Find(read, $"key {number}")));
            Assert.Equal(default, Find(read, "gone").State);
        }

        // And it can be written to.
        await links.AppendAsync(LinkLine.Of("key 0", LinkTo(1, hash: 6), null));
        Assert.Equal((UInt128)6, Find(await OpenAsync(), "key 0").Hash);
    }

    [Fact]
    public async Task ALogRewrittenByAnotherProcessIsReadAgain()
    {
        var (ours, theirs) = (await OpenAsync(), await OpenAsync());
        await ours.AppendAsync(LinkLine.Of("ours", LinkTo(1), null));
        await theirs.OpenAsync(Cancel);
        for (var round = 0; round < 5; round++)
            await theirs.AppendAsync([.. Enumerable.Range(0, 3000).Select(number => LinkLine.Of($"key {number}", LinkTo(number, hash: (UInt128)(round + 1))))]);
        await theirs.OpenAsync(Cancel);
        await ours.OpenAsync(Cancel);
        Assert.Equal((3001, Id(1), (UInt128)5), (ours.Active, Find(ours, "ours").Id, Find(ours, "key 7").Hash));
    }

    [Fact]
    public async Task AResyncDeletesTheHashesAndKeepsTheLinks()
    {
        var links = await OpenAsync();
        await links.AppendAsync(LinkLine.Of("a", LinkTo(1, hash: 7), null));
        await links.AppendAsync(LinkLine.Resync(_time.GetUtcNow()));
        await links.AppendAsync(LinkLine.Of("b", LinkTo(2, hash: 8), null));
        var read = await OpenAsync();
        Assert.Equal((Id(1), (UInt128)0, (UInt128)8), (Find(read, "a").Id, Find(read, "a").Hash, Find(read, "b").Hash));
    }

    private static Link Find(Links links, string key) => links.Find(Links.HashOf(key));

    private static Link LinkTo(int number, UInt128 hash = default) => new(LinkState.Active, Id(number), default, hash, Written.Now);

    private static ObjectId Id(int number)
    {
        Assert.True(ObjectId.TryParse($"{number + 1:x24}", out var id));
        return id;
    }

    private async Task<Links> OpenAsync(CancellationToken? lost = null)
    {
        var links = new Links(_account, "c", "d");
        await links.OpenAsync(lost ?? Cancel);
        return links;
    }

    private async Task<long> BytesAsync()
    {
        var bytes = 0L;
        await foreach (var blob in _account.Links.GetBlobsAsync(cancellationToken: Cancel)) bytes += blob.Properties.ContentLength ?? 0;
        return bytes;
    }
}
