using System.Text;
using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Api;

/// <summary>The limits of one request. <c>./build.sh bench hostile</c> measures the memory of such requests.</summary>
[Trait(Categories.Name, Categories.Security)]
public sealed class RecordLimitsTests
{
    [Theory]
    [InlineData("Ndjson", 99)]
    [InlineData("Ndjson", 100)]
    [InlineData("Ndjson", 5000)]
    [InlineData("Json", 5000)]
    [InlineData("Csv", 5000)]
    public void ARequestListsAHundredProblemsAndCountsTheOthers(string format, int count)
    {
        var text = format switch
        {
            "Ndjson" => string.Concat(Enumerable.Repeat("{broken\n", count)),
            "Json" => $"[{string.Join(',', Enumerable.Repeat("7", count))}]",
            _ => $"a,b\n{string.Concat(Enumerable.Repeat("1\n", count))}",
        };
        var problems = Problems(text, format);
        Assert.Equal(Math.Min(count, 100), problems.Count(problem => problem.Path != "$"));
        Assert.Equal(count <= 100 ? [] : [$"$: and {count - 100} more; correct these first."], problems.Where(problem => problem.Path == "$").Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("Ndjson", 100_000, true)]
    [InlineData("Ndjson", 100_001, false)]
    [InlineData("Json", 100_000, true)]
    [InlineData("Json", 100_001, false)]
    [InlineData("Csv", 100_000, true)]
    [InlineData("Csv", 100_001, false)]
    public void ARequestHasAtMostAHundredThousandRecords(string format, int count, bool isTaken)
    {
        var text = format switch
        {
            "Ndjson" => string.Concat(Enumerable.Repeat("{}\n", count)),
            "Json" => $"[{string.Join(',', Enumerable.Repeat("{}", count))}]",
            _ => $"a\n{string.Concat(Enumerable.Repeat("1\n", count))}",
        };
        if (isTaken) Assert.Equal(count, Read(text, format, []).Count);
        else Assert.Contains("holds more than 100000 records", Assert.Single(Problems(text, format)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    [InlineData(400_000, false)]
    public void ACsvTextHasAtMostAThousandColumns(int columns, bool isTaken)
    {
        var problems = Problems($"{string.Join(',', Enumerable.Range(0, columns).Select(column => $"c{column}"))}\n", "Csv");
        if (isTaken) Assert.Empty(problems);
        else Assert.Equal("line 1: names more than 1000 columns, which is the maximum.", Assert.Single(problems).ToString());
    }

    [Fact]
    public void ACsvTextWhoseRepeatedColumnNamesAreTooLargeIsRefusedWhileItIsRead()
    {
        var names = string.Join(',', Enumerable.Range(0, 900).Select(column => $"{column}{new string('x', 1000)}"));
        var rows = string.Concat(Enumerable.Repeat($"{string.Join(',', Enumerable.Repeat("1", 900))}\n", 1000));
        Assert.Contains("becomes more than 48 MB of JSON", Assert.Single(Problems($"{names}\n{rows}", "Csv")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARowLargerThanTheReaderBufferIsAProblem() => Assert.Contains("is not CSV", Assert.Single(Problems($"a\n{new string('x', 5 << 20)}\n", "Csv")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(61, true, "is nested deeper than 60 levels (line 1, byte 61)")]
    [InlineData(61, false, "is not JSON (line 1, byte 61)")]
    [InlineData(1 << 20, false, "is not JSON (line 1, byte 61)")]
    public void ATextThatIsNestedTooDeepIsRefusedWithItsPosition(int depth, bool isClosed, string reason) =>
        Assert.StartsWith(reason, Assert.Single(Problems(new string('[', depth) + (isClosed ? new string(']', depth) : ""), "Json")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""[{"a":1},{"b":2}] x""")]
    [InlineData("""[{"a":1},{"b":2},]""")]
    [InlineData("""[{"a":1}""")]
    [InlineData("""{"a":1}{}""")]
    [InlineData("")]
    public void TextBehindTheRecordsIsAProblem(string text) => Assert.Contains("is not JSON", Assert.Single(Problems(text, "Json")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Json", "[{}]")]
    [InlineData("Ndjson", "{}")]
    [InlineData("Csv", "a\n1\n")]
    public void ReadingEndsWhenTheClientDisconnects(string format, string text) =>
        Assert.Throws<OperationCanceledException>(() => RecordsText.Read(Encoding.UTF8.GetBytes(text), Enum.Parse<RecordsFormat>(format), [], new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    public void ATextWithoutAContentTypeOfRecordsHasNoFormat(string? contentType) => Assert.Null(RecordsText.FormatOf(contentType));

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    public void AMessageHasAtMostAHundredThousandRecords(int count, bool isTaken)
    {
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("{}", count))}]");
        Assert.Equal(isTaken, RecordReader.TryRead("1", null, DateTimeOffset.UnixEpoch, body, null, out var records, out var problem));
        if (isTaken) Assert.Equal(count, records!.Count);
        else Assert.Contains("more than 100000 records", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageHasAtMostSixteenMegabytes()
    {
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat($"{{\"a\":\"{new string('x', 1 << 19)}\"}}", 32))}]");
        Assert.False(RecordReader.TryRead("1", null, DateTimeOffset.UnixEpoch, body, null, out _, out var problem));
        Assert.Contains("several messages", problem, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Problem> Problems(string text, string format)
    {
        var problems = new ProblemList();
        Read(text, format, problems);
        return problems.Listed;
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Read(string text, string format, ProblemList problems) =>
        RecordsText.Read(Encoding.UTF8.GetBytes(text), Enum.Parse<RecordsFormat>(format), problems, TestContext.Current.CancellationToken);
}
