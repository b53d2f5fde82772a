using System.Text;
using System.Text.Json;
using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Tests.Api;

public class RecordsTextTests
{
    [Theory]
    [InlineData("Json", """{"a":"1"}""", 1)]
    [InlineData("Json", """[{"a":"1"},{"a":"2"}]""", 2)]
    [InlineData("Ndjson", "{\"a\":\"1\"}\r\n\n{\"a\":\"2\"}\n", 2)]
    [InlineData("Csv", "a,b\n1,\"x, \"\"y\"\"\"\n2,\n", 2)]
    [InlineData("Csv", "a,b\r\n1,2\r\n\r\n3,4\r\n\r\n", 2)]
    public void EveryFormatGivesItsRecords(string format, string text, int count)
    {
        var problems = new ProblemList();
        var records = Read(text, Enum.Parse<RecordsFormat>(format), problems);
        Assert.Empty(problems);
        Assert.Equal(count, records.Count);
        Assert.Equal("1", records[0].GetProperty("a").GetString());
    }

    [Fact]
    public void ACsvValueIsATextAndAnEmptyValueIsOmitted()
    {
        var records = Read("start,description\n2026-11-02T09:00:00Z,\"a, \"\"b\"\"\nc\"\n,x\n", RecordsFormat.Csv, []);
        Assert.Equal("a, \"b\"\nc", records[0].GetProperty("description").GetString());
        Assert.False(records[1].TryGetProperty("start", out _));
    }

    [Fact]
    public void ACsvRowMayBeAsLargeAsARecord()
    {
        var problems = new ProblemList();
        var text = new string('x', 500_000);
        Assert.Equal(text, Assert.Single(Read($"a,b\n1,{text}\n", RecordsFormat.Csv, problems)).GetProperty("b").GetString());
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("Json", "[{},7,[]]", "$[1]", "$[2]")]
    [InlineData("Json", "{", "$")]
    [InlineData("Ndjson", "{}\n{\n\n7\n", "line 2", "line 4")]
    [InlineData("Ndjson", "{\"a\":\"\\ud800\"}", "line 1")]
    [InlineData("Csv", "a,,a\n1,2,3\n", "line 1", "row 1")]
    [InlineData("Csv", "a,b\n1\n1,2\n1,2,3\n", "row 1", "row 3")]
    public void EveryProblemIsReportedWithItsPosition(string format, string text, params string[] places)
    {
        var problems = new ProblemList();
        Read(text, Enum.Parse<RecordsFormat>(format), problems);
        Assert.Equal(places, problems.Select(problem => problem.Path));
    }

    private static IReadOnlyList<JsonElement> Read(string text, RecordsFormat format, ProblemList problems) =>
        [.. RecordsText.Read(Encoding.UTF8.GetBytes(text), format, problems, TestContext.Current.CancellationToken).Select(record => JsonElement.Parse(record.Span))];
}
