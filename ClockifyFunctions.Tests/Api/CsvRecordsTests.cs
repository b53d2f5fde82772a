using System.Buffers;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Api;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Tests.Api;

/// <summary>CSV files as programs export them.</summary>
public sealed class CsvRecordsTests
{
    /// <summary>Cells with one of these characters need quotes.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t|\"\n\r");

    [Theory]
    [InlineData("a,b\n1,2\n", """{"a":"1","b":"2"}""")]
    [InlineData("a;b\r\n1;2\r\n", """{"a":"1","b":"2"}""")]
    [InlineData("a\tb\n1\t2", """{"a":"1","b":"2"}""")]
    [InlineData("a|b\r1|2\r", """{"a":"1","b":"2"}""")]
    [InlineData("sep=;\r\na;b\r\n1;2,5\r\n", """{"a":"1","b":"2,5"}""")]
    [InlineData("Start time; Von \n09:00;x\n", """{"Start time":"09:00","Von":"x"}""")]
    [InlineData("a;b\n\"Jour fixe; Protokoll\";1,5\n", """{"a":"Jour fixe; Protokoll","b":"1,5"}""")]
    [InlineData("a,b\n\"x\r\ny, \"\"z\"\"\",1\n", """{"a":"x\r\ny, \"z\"","b":"1"}""")]
    [InlineData("a,b\n5\" pipe,1\n", """{"a":"5\" pipe","b":"1"}""")]
    [InlineData("\"a, b\",c\n1,2\n", """{"a, b":"1","c":"2"}""")]
    [InlineData("a;b;\n1;2;\n", """{"a":"1","b":"2"}""")]
    [InlineData("a;b\n 1 ;\n", """{"a":" 1 "}""")]
    [InlineData("a,b\n1,\"\"\n", """{"a":"1"}""")]
    [InlineData("a;b\n1;2\n;\n\n", """{"a":"1","b":"2"}""")]
    [InlineData("a\n1\n", """{"a":"1"}""")]
    public void AFileGivesItsRecord(string text, string record)
    {
        var (records, problems) = Read(text);
        Assert.Empty(problems);
        Assert.Equal(record, Assert.Single(records).Replace("\\u0022", "\\\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a;b\n1;2\n3;4;5\n6\n", "row 2: has 3 cells; the header names 2. A value that contains ';' or a line break must be in double quotes.", "row 3: has 1 cells; the header names 2. A value that contains ';' or a line break must be in double quotes.")]
    [InlineData("a\tb\n1\n", "row 1: has 1 cells; the header names 2. A value that contains a tab or a line break must be in double quotes.")]
    [InlineData("a;b;a;b;a\n1;2;3;4;5\n", "line 1: names 'a' 3 times; give each column a unique name.", "line 1: names 'b' 2 times; give each column a unique name.")]
    [InlineData("a;;b\n1;;2\n1;x;2\n", "row 2: has a value in column 2, which the header does not name; name the column.")]
    [InlineData(";\n1;2\n", "line 1: names no column; the first line names the attributes.", "row 1: has a value in column 1, which the header does not name; name the column.")]
    public void EveryProblemNamesItsRow(string text, params string[] expected)
    {
        var (records, problems) = Read(text);
        Assert.Equal(expected, problems.Select(problem => problem.ToString()));
        Assert.Empty(records);
    }

    [Fact]
    public void AQuoteThatIsNotClosedIsAProblem() => Assert.Contains("is not CSV", Assert.Single(Read("a,b\n\"x,1\n2,3\n").Problems).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\n")]
    [InlineData("a;b\n")]
    [InlineData("a;b\n;\n")]
    public void AFileWithoutRowsHasNoRecords(string text)
    {
        var (records, problems) = Read(text);
        Assert.Empty(records);
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("a,b;c\n1,2;3\n", ',')] // Equally frequent delimiters: the first candidate wins.
    [InlineData("Date;Total, net;Total, gross\n1;2;3\n", ';')]
    [InlineData("a, b, c;d\n1;2\n3;4\n", ';')] // Only ';' splits the rows into as many values as the header.
    [InlineData("\"a;b;c\",d\n1,2\n", ',')]
    [InlineData("name\nx; y, z\n", ',')]
    public void TheDelimiterSplitsTheRowsLikeTheHeader(string text, char delimiter) => Assert.Equal(delimiter, CsvDialect.Of(Encoding.UTF8.GetBytes(text)).Delimiter);

    [Fact]
    public void TextWrittenByTheRulesOfCsvIsReadUnchanged()
    {
        const string Letters = "aé🎂 .'1-";
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (delimiter, lineBreak) = (",;\t|"[random.Next(4)], random.Next(2) == 0 ? "\n" : "\r\n");
            var columns = random.Next(1, 6);
            var rows = Enumerable.Range(0, random.Next(6)).Select(_ => Enumerable.Range(0, columns).Select(_ => Cell(random)).ToArray()).ToList();
            var text = string.Concat(rows.Prepend([.. Enumerable.Range(0, columns).Select(column => $"c{column}")]).Select(row => string.Join(delimiter, row.Select(Quoted)) + lineBreak));
            var (records, problems) = Read(text);
            Assert.True(problems.Count == 0, $"seed {seed}: {problems.FirstOrDefault()}\n{text}");
            Assert.Equal(
                rows.Where(row => row.Any(cell => cell.Length > 0)).Select(row => Shown(row.Index().Where(cell => cell.Item.Length > 0).Select(cell => ($"c{cell.Index}", cell.Item)))),
                records.Select(record => Shown(JsonElement.Parse(record).EnumerateObject().Select(member => (member.Name, member.Value.GetString()!)))));
        }

        static string Cell(Random random) => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(3) == 0 ? ",;\t|\"\n\r"[random.Next(7)].ToString() : Letters.EnumerateRunes().ElementAt(random.Next(Letters.EnumerateRunes().Count())).ToString()));

        static string Shown(IEnumerable<(string Name, string Cell)> row) => string.Join('\x1f', row.Select(cell => $"{cell.Name}={cell.Cell}"));

        static string Quoted(string cell) => cell.AsSpan().ContainsAny(Special) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }

    private static (IReadOnlyList<string> Records, ProblemList Problems) Read(string text)
    {
        var problems = new ProblemList();
        var records = CsvRecords.Read(Encoding.UTF8.GetBytes(text), problems, TestContext.Current.CancellationToken);
        return ([.. records.Select(record => Encoding.UTF8.GetString(record.Span))], problems);
    }
}
