using System.Text;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.Tests.Storage;

public abstract class AppendLogContract
{
    private readonly BlobAccount _account;

    private protected AppendLogContract(BlobAccount account) => _account = account;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LinesAreReadInOrderFromAnyPosition()
    {
        var log = Log();
        await log.AppendAsync(Lines("one", "two"), Cancel);
        await log.AppendAsync(Lines("three"), Cancel);
        var all = await log.ReadAsync(LogPosition.Start, 1 << 20, Cancel);
        Assert.Equal(["one", "two", "three"], Texts(all));
        Assert.Equal(["three"], Texts(await log.ReadAsync(all.Lines[1].Next, 1 << 20, Cancel)));
        Assert.Empty((await log.ReadAsync(all.Next, 1 << 20, Cancel)).Lines);
    }

    [Fact]
    public async Task ALineLongerThanOneReadIsReadCompletely()
    {
        var log = Log();
        await log.AppendAsync(Lines(new string('x', 5_000)), Cancel);
        Assert.Equal(5_000, Assert.Single((await log.ReadAsync(LogPosition.Start, 100, Cancel)).Lines).Payload.Length);
    }

    [Fact]
    public async Task ADamagedLineDoesNotAffectTheLinesAroundIt()
    {
        var log = Log();
        await log.AppendAsync(Lines("one"), Cancel);
        await log.AppendAsync("deadbeef {\"cut\":\n"u8.ToArray(), Cancel);
        await log.AppendAsync(Lines("two"), Cancel);
        var read = await log.ReadAsync(LogPosition.Start, 1 << 20, Cancel);
        Assert.Equal([false, true, false], read.Lines.Select(line => line.Damaged));
    }

    [Fact]
    public async Task AnIncompleteLastLineIsDamagedAndDoesNotAffectLaterLines()
    {
        var log = Log();
        await log.AppendAsync(Lines("one", "two").Slice(0, 20), Cancel);
        var cut = await log.ReadAsync(LogPosition.Start, 1 << 20, Cancel);
        await log.AppendAsync(Lines("three"), Cancel);
        Assert.Equal([false, true], cut.Lines.Select(line => line.Damaged));
        Assert.Equal(["three"], Texts(await log.ReadAsync(cut.Next, 1 << 20, Cancel)));
    }

    [Fact]
    public async Task AFullSegmentIsFollowedByTheNextAndDeletedByTheReader()
    {
        var name = Some.Name("log/");
        var log = Log(name, rollAtBlocks: 2);
        foreach (var text in new[] { "1", "2", "3" }) await log.AppendAsync(Lines(text), Cancel);
        var first = await log.ReadAsync(LogPosition.Start, 1 << 20, Cancel);
        Assert.Equal(["1", "2"], Texts(first));

        // Another process still appends to the old segment. Its line changes the segment, so the reader must not leave it.
        var next = await log.LeaveSegmentAsync(first.Lines[0].Next, Cancel);
        Assert.Equal(first.Lines[0].Next, next);
        next = await log.LeaveSegmentAsync(first.Next, Cancel);
        Assert.Equal(new LogPosition(2, 0), next);
        Assert.Equal(["3"], Texts(await log.ReadAsync(next, 1 << 20, Cancel)));
        Assert.Equal([2], (await log.ListAsync(Cancel)).Keys);
    }

    [Fact]
    public async Task AnAppendToADeletedSegmentGoesToTheNewestSegment()
    {
        var name = Some.Name("log/");
        var late = Log(name);
        await late.AppendAsync(Lines("1"), Cancel);
        var other = Log(name, rollAtBlocks: 2);
        await other.AppendAsync(Lines("2"), Cancel);
        var read = await other.ReadAsync(LogPosition.Start, 1 << 20, Cancel);
        var next = await other.LeaveSegmentAsync(read.Next, Cancel);

        await late.AppendAsync(Lines("3"), Cancel);
        Assert.Equal(["3"], Texts(await other.ReadAsync(next, 1 << 20, Cancel)));
    }

    [Fact]
    public async Task ConcurrentAppendersLoseNothing()
    {
        var name = Some.Name("log/");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async appender =>
        {
            var log = Log(name, rollAtBlocks: 7);
            for (var line = 0; line < 20; line++) await log.AppendAsync(Lines($"{appender}-{line}"), Cancel);
        }));

        var reader = Log(name);
        var found = new List<string>();
        for (var position = LogPosition.Start; ;)
        {
            var chunk = await reader.ReadAsync(position, 1 << 20, Cancel);
            found.AddRange(Texts(chunk));
            var next = chunk.Lines.Count > 0 ? chunk.Next : await reader.LeaveSegmentAsync(chunk.Next, Cancel);
            if (next == position) break;
            position = next;
        }

        Assert.Equal(80, found.Distinct().Count());
        Assert.Equal(80, found.Count);
    }

    [Fact]
    public async Task AnAppendAtAPositionIsRefusedIfAnotherProcessHasAppendedThere()
    {
        var name = Some.Name("log/");
        var (ours, theirs) = (Log(name), Log(name));
        var end = await ours.AppendAtAsync(LogPosition.Start, Lines("1"), Cancel);
        Assert.Null(await theirs.AppendAtAsync(LogPosition.Start, Lines("2"), Cancel));
        Assert.NotNull(await theirs.AppendAtAsync(end!.Value, Lines("3"), Cancel));
        Assert.Null(await ours.AppendAtAsync(new LogPosition(1, 5_000), Lines("4"), Cancel));
        Assert.Null(await ours.AppendAtAsync(new LogPosition(7, 5), Lines("5"), Cancel));
        Assert.Equal(["1", "3"], Texts(await ours.ReadAsync(LogPosition.Start, 1 << 20, Cancel)));
    }

    [Fact]
    public async Task ABlockThatIsSentAgainAfterALostAnswerIsAppendedOnce()
    {
        var log = Log();
        var end = await log.AppendAtAsync(LogPosition.Start, Lines("1", "2"), Cancel);
        Assert.Equal(end, await log.AppendAtAsync(LogPosition.Start, Lines("1", "2"), Cancel));
        Assert.Equal(["1", "2"], Texts(await log.ReadAsync(LogPosition.Start, 1 << 20, Cancel)));
    }

    [Fact]
    public async Task AnAppendAtAPositionStartsANewSegmentIfTheLastOneIsFull()
    {
        var log = Log(rollAtBlocks: 2);
        var at = LogPosition.Start;
        foreach (var text in new[] { "1", "2", "3" }) at = (await log.AppendAtAsync(at, Lines(text), Cancel))!.Value;
        Assert.Equal(2, at.Segment);
        Assert.Equal(["3"], Texts(await log.ReadAsync(new LogPosition(2, 0), 1 << 20, Cancel)));
    }

    private AppendLog Log(string? name = null, int rollAtBlocks = 10_000) => new(_account.Backlog, $"{name ?? Some.Name("log/")}/", rollAtBlocks);

    private static ReadOnlyMemory<byte> Lines(params string[] texts)
    {
        var lines = new List<byte>();
        foreach (var text in texts)
        {
            byte[] line = [.. new byte[LogLine.PrefixLength], .. Encoding.UTF8.GetBytes(text), 0];
            LogLine.Frame(line);
            lines.AddRange(line);
        }

        return lines.ToArray();
    }

    private static IEnumerable<string> Texts(LogChunk chunk) => chunk.Lines.Select(line => Encoding.UTF8.GetString(line.Payload.Span));
}

public sealed class AppendLogTests() : AppendLogContract(InMemoryStorage.Open());

[Collection(AzuriteCollection.Name)]
public sealed class AppendLogOnAzuriteTests(AzuriteFixture azurite) : AppendLogContract(azurite.Account);
