using System.Text;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

public sealed class BatchTests
{
    private const string Start = """{"credential":"default","method":"POST","url":"https://api.clockify.me/x/{record.w}","excludeAttributes":["w"],"batching":""";

    [Theory]
    [InlineData("""{}}""", """x/1 [{"n":1},{"n":3},{"n":4}] | x/2 [{"n":2}]""")]
    [InlineData("""{"size":2}}""", """x/1 [{"n":1},{"n":3}] | x/2 [{"n":2}] | x/1 [{"n":4}]""")]
    [InlineData("""{"size":1}}""", """x/1 [{"n":1}] | x/2 [{"n":2}] | x/1 [{"n":3}] | x/1 [{"n":4}]""")]
    [InlineData("""{"grouping":{"kind":"property","property":"items"}}}""", """x/1 {"items":[{"n":1},{"n":3},{"n":4}]} | x/2 {"items":[{"n":2}]}""")]
    [InlineData("""{"grouping":{"kind":"property","property":"items","constants":{"attributes":{"type":"Account"}}}}}""", """x/1 {"items":[{"n":1,"attributes":{"type":"Account"}},{"n":3,"attributes":{"type":"Account"}},{"n":4,"attributes":{"type":"Account"}}]} | x/2 {"items":[{"n":2,"attributes":{"type":"Account"}}]}""")]
    [InlineData("""{"grouping":{"kind":"attribute","attribute":"n"}}}""", """x/1 [{"n":1}] | x/2 [{"n":2}] | x/1 [{"n":3}] | x/1 [{"n":4}]""")]
    public void RecordsShareARequestWhenMethodUrlAndHeadersAreEqual(string batching, string expected) =>
        Assert.Equal(expected, Batches(Start + batching, """{"w":1,"n":1}""", """{"w":2,"n":2}""", """{"w":1,"n":3}""", """{"w":1,"n":4}"""));

    [Fact]
    public void DifferentHeadersAreNeverMixed() => Assert.Equal(
        """x/1 [{"n":1}] | x/1 [{"n":2}]""",
        Batches(Start + """{},"headers":"X-N:{record.n}"}""", """{"w":1,"n":1}""", """{"w":1,"n":2}"""));

    [Fact]
    public void ABatchEndsBeforeItIsTooLargeAndAHugeRecordIsSentAlone()
    {
        var text = new string('x', 400);
        var destination = Written.Destination(Start + """{"maxBytes":1000}}""");
        var batches = Build(destination, [.. Enumerable.Range(0, 4).Select(_ => $$"""{"w":1,"t":"{{text}}"}"""), $$"""{"w":1,"t":"{{text}}{{text}}{{text}}"}"""]);
        Assert.Equal([2, 2, 1], batches.Batches.Select(batch => batch.Count));
    }

    [Fact]
    public void TextAddedToEachRecordCountsTowardsTheSize()
    {
        var destination = Written.Destination(Start + """{"maxBytes":1000,"grouping":{"kind":"property","property":"items","constants":{"note":"NOTE"}}}}""".Replace("NOTE", new string('c', 300)));
        var batches = Build(destination, [.. Enumerable.Range(0, 7).Select(number => $$"""{"w":1,"n":{{number}}}""")]).Batches.ToArray();
        Assert.Equal([3, 3, 1], batches.Select(batch => batch.Count));
        Assert.All(batches, batch => Assert.InRange(BatchBody.Combine(destination.Batching, batch).Body.Length, 1, 1000));
    }

    [Fact]
    public void ReadingEndsWhenEnoughBatchesAreComplete()
    {
        var destination = Written.Destination(Start + """{"size":2}}""");
        Assert.False(Build(destination, """{"w":1}""").IsEnough(1));
        Assert.True(Build(destination, """{"w":1}""", """{"w":1}""").IsEnough(1));
        Assert.False(Build(destination, """{"w":1}""", """{"w":1}""").IsEnough(2));
        Assert.False(Build(destination, """{"w":1}""", """{"w":2}""", """{"w":3}""").IsEnough(2)); // None of them is complete.
    }

    [Fact]
    public void ReadingEndsWhenTheRecordsWouldNeedTooMuchMemory()
    {
        var destination = Written.Destination(Start + """{"maxBytes":1500000}}""");
        var records = Enumerable.Repeat($$"""{"w":1,"t":"{{new string('x', 1 << 20)}}"}""", 10).ToArray();
        Assert.False(Build(destination, records[1..]).IsEnough(40));
        Assert.True(Build(destination, records).IsEnough(40));
    }

    private static string Batches(string config, params string[] records)
    {
        var destination = Written.Destination(config);
        return string.Join(" | ", Build(destination, records).Batches.Select(batch =>
        {
            var request = BatchBody.Combine(destination.Batching, batch);
            return $"{request.Url.AbsolutePath[1..]} {Encoding.UTF8.GetString(request.Body.Span)}";
        }));
    }

    private static BatchBuilder<RenderedRequest> Build(ClockifyFunctions.Destinations.Destination destination, params string[] records)
    {
        var builder = new BatchBuilder<RenderedRequest>(destination.Batching);
        foreach (var record in records.Select(Some.Json))
        {
            var request = RequestRenderer.Render(destination, record, Written.Now).Request!;
            builder.Add(request, request, RawJson.Of(record));
        }

        return builder;
    }
}
