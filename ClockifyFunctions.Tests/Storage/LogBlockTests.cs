using ClockifyFunctions.Backlog;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Storage;

public class LogBlockTests
{
    private const int Largest = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(5000)]
    public void LinesAreCompleteAndInOrderInBlocksOfTheMaximumSize(int count)
    {
        RawJson[] values = [.. Enumerable.Range(0, count).Select(number => RawJson.Of(Some.Json($$"""{"n":{{number}},"text":"{{new string('ä', number % 300)}}"}""")))];
        var blocks = LogBlock.Of(values, BacklogJson.Web.RawJson, Largest).Select(block => block.Lines.ToArray()).ToArray();

        var read = blocks.SelectMany(block => LogChunk.Split(LogPosition.Start, block, isEnd: true).Lines).ToArray();
        Assert.DoesNotContain(read, line => line.Damaged);
        Assert.Equal(values.Select(value => value.Utf8.ToArray()), read.Select(line => line.Payload.ToArray()));
        Assert.All(blocks, block => Assert.InRange(block.Length, 1, Largest));
        // A block begins only when the previous one is full.
        for (var block = 1; block < blocks.Length; block++) Assert.True(blocks[block - 1].Length + blocks[block].AsSpan().IndexOf((byte)'\n') + 1 > Largest);
    }

    [Fact]
    public void AValueLargerThanABlockGetsItsOwnBlock()
    {
        RawJson[] values = [.. new[] { 10, 2 * Largest, 10 }.Select(length => RawJson.Of(Some.Json($"\"{new string('x', length)}\"")))];
        Assert.Equal([1, 1, 1], LogBlock.Of(values, BacklogJson.Web.RawJson, Largest).Select(block => LogChunk.Split(LogPosition.Start, block.Lines, isEnd: true).Lines.Count(line => !line.Damaged)));
    }
}
