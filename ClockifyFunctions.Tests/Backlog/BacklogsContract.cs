using System.Globalization;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.Tests.Backlog;

public abstract class BacklogsContract
{
    private readonly BlobAccount _account;
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly Backlogs _backlogs;

    private protected BacklogsContract(BlobAccount account) => (_account, _backlogs) = (account, new Backlogs(account));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3, true)]
    [InlineData(20_000, false)]
    public async Task TheDepthIsCountedOrEstimatedAndTheOldestRecordIsTheFirst(int count, bool exact)
    {
        var credential = Some.Name("credential");
        await _backlogs.AppendAsync(credential, "d", Enumerable.Range(0, count).Select(number => Record(number)), Cancel);
        var depth = await _backlogs.DepthAsync(Assert.Single(await _backlogs.ListAsync(credential, Cancel)), Cancel);
        Assert.Equal((exact, Monday), (depth.IsExact, depth.Oldest!.Value));
        Assert.InRange(depth.Records, exact ? count : (long)(count * 0.9), exact ? count : (long)(count * 1.1));
    }

    [Fact]
    public async Task ACursorLeftByADeletionIsIgnored()
    {
        var (credential, destination) = (Some.Name("credential"), Some.Name("destination"));
        await CursorBlob.Open(_account, new BacklogSummary(credential, destination, Cursor.AtStart, null, null, 0, LogPosition.Start)).MoveAsync(new Cursor(new LogPosition(3, 5000), 7, 0), Cancel);
        await _backlogs.AppendAsync(credential, destination, [new BacklogRecord("1", null, Monday, new RawJson("{}"u8.ToArray()))], Cancel);
        var found = (await _backlogs.FindAsync(credential, destination, Cancel))!;
        Assert.Equal((LogPosition.Start, true), (found.Cursor.Position, found.WaitingBytes > 0));
        Assert.Single(await _backlogs.PeekAsync(found, 10, Cancel));
        await CursorBlob.Open(_account, found).MoveAsync(found.Cursor with { Delivered = 1 }, Cancel);
    }

    [Fact]
    public async Task RecordsBeforeTheCursorAreNotCounted()
    {
        var credential = Some.Name("credential");
        await _backlogs.AppendAsync(credential, "d", Enumerable.Range(0, 5).Select(number => Record(number)), Cancel);
        var lines = (await _backlogs.Log(credential, "d").ReadAsync(LogPosition.Start, 1 << 20, Cancel)).Lines;
        var cursor = CursorBlob.Open(_account, Assert.Single(await _backlogs.ListAsync(credential, Cancel)));
        await cursor.MoveAsync(new Cursor(lines[2].Next, 3, 0), Cancel);
        var depth = await _backlogs.DepthAsync(Assert.Single(await _backlogs.ListAsync(credential, Cancel)), Cancel);
        Assert.Equal((2, true, Monday.AddSeconds(3)), (depth.Records, depth.IsExact, depth.Oldest!.Value));

        await cursor.MoveAsync(new Cursor(lines[4].Next, 5, 0), Cancel);
        Assert.Equal(BacklogDepth.None, await _backlogs.DepthAsync(Assert.Single(await _backlogs.ListAsync(credential, Cancel)), Cancel));
    }

    private static BacklogRecord Record(int number) =>
        new(number.ToString(CultureInfo.InvariantCulture), null, Monday.AddSeconds(number), RawJson.Of(Some.Json($$"""{"n":{{number}}}""")));
}

public sealed class BacklogsTests() : BacklogsContract(InMemoryStorage.Open());

[Collection(AzuriteCollection.Name)]
public sealed class BacklogsOnAzuriteTests(AzuriteFixture azurite) : BacklogsContract(azurite.Account);
