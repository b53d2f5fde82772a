using System.Globalization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

public sealed class TemplateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 5, 7, 8, 9, TimeSpan.Zero);
    private static readonly Dictionary<string, Template> Inputs = new() { ["workspaceId"] = Template.Constant("w/1") };

    [Theory]
    [InlineData("https://h/a/{record.id}", "https://h/a/x%2Fy")]
    [InlineData("https://h/a/{{id}}?q={record.deep.list.1}", "https://h/a/x%2Fy?q=2%260")]
    [InlineData("https://h/{workspaceId}/{record.n}", "https://h/w%2F1/1.50")]
    [InlineData("https://h/{YYYY}/{MM}/{dd}/{HH}/{mm}/{ss}", "https://h/2026/03/05/07/08/09")]
    [InlineData("https://h?at={now}", "https://h?at=2026-03-05T07%3A08%3A09Z")]
    [InlineData("https://h/{now-5:yyyy-MM-dd}", "https://h/2026-02-28")]
    [InlineData("https://h/{now+2h:HH}", "https://h/09")]
    [InlineData("https://h/{record.a.b}", "https://h/dotted")]
    public void MacrosInAUrlAreEncodedForTheirPosition(string source, string expected) =>
        Assert.Equal(expected, Evaluate(source, TemplateKind.Url, """{"id":"x/y","n":1.50,"a.b":"dotted","deep":{"list":[1,"2&0"]}}"""));

    [Theory]
    [InlineData("""{"a":"{record.t}","b":{record.n},"c":{{o}},"d":{record.none},"e":{"f":1}}""", """{"a":"say \"hi\"","b":1e400,"c":{"x":[]},"d":null,"e":{"f":1}}""")]
    [InlineData("""{"all":{message.json}}""", """{"all":MESSAGE}""")]
    [InlineData("""{"id":"{{_id}}","spaced":"{{ t }}","digit":"{{2nd}}","empty":{"o":{}},"not":"{{"}""", """{"id":"abc","spaced":"say \"hi\"","digit":"two","empty":{"o":{}},"not":"{{"}""")]
    [InlineData("""{"none":"{record.none}","esc":"\"{record.n}"}""", """{"none":"","esc":"\"1e400"}""")]
    public void ABodyTemplateProducesValidJson(string source, string expected) =>
        Assert.Equal(expected, Evaluate(source, TemplateKind.JsonBody, """{"t":"say \"hi\"","n":1e400,"o":{"x":[]},"_id":"abc","2nd":"two"}"""));

    [Theory]
    [InlineData("{now:yyyy-MM-ddTHH:mm:ss}", "2026-03-05T08:08:09")]
    [InlineData("{now:yyyy-MM-ddTHH:mm:ssZ}", "2026-03-05T07:08:09Z")]
    [InlineData("{now:yyyy-MM-ddTHH:mm:sszzz}", "2026-03-05T08:08:09+01:00")]
    public void ATimeIsWrittenInTheTimeZoneOfTheDestinationUnlessItsFormatIsUtc(string macro, string expected)
    {
        var problems = new List<Problem>();
        var template = Template.Parse(macro, TemplateKind.Header, Inputs, "$.t", problems)!;
        Assert.Equal(expected, template.Evaluate(new RenderContext(Some.Json("{}"), Now, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Resolved.Nothing), problems));
    }

    [Theory]
    [InlineData("https://h/{record.id", "at character 11: '{' is not closed by '}'.")]
    [InlineData("https://h/a}", "at character 12: '}' closes nothing; a macro begins with '{'.")]
    [InlineData("https://{record.host}/a", "at character 9: a macro may not stand in the scheme, host or port; those are the same for every record.")]
    [InlineData("{record.scheme}://h/a", "at character 1: a macro may not stand in the scheme, host or port; those are the same for every record.")]
    [InlineData("https://h:{record.port}/a", "at character 11: a macro may not stand in the scheme, host or port; those are the same for every record.")]
    [InlineData("https://h/{message.json}", "at character 11: {message.json} may stand in the body template only.")]
    [InlineData("https://h/{record..x}", "at character 11: '.x' names no attribute; write {record.name} or {record.outer.inner}.")]
    [InlineData("https://h/a#b", "at character 12: '#' may not stand in a URL; write it percent-encoded.")]
    public void AnInvalidMacroIsAProblemWithItsPosition(string source, string expected)
    {
        var problems = new List<Problem>();
        Assert.Null(Template.Parse(source, TemplateKind.Url, Inputs, "$.url", problems));
        Assert.Equal([$"$.url: {expected}"], problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void AllProblemsOfATemplateAreReportedTogether()
    {
        var problems = new List<Problem>();
        Template.Parse("https://{x}/{y}/{now-}/{now:qq}/{record.a", TemplateKind.Url, Inputs, "$.url", problems);
        Assert.Equal([9, 13, 17, 24, 33], problems.Select(problem => int.Parse(problem.Message.Split(' ', ':')[2], CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("{}", "is missing")]
    [InlineData("""{"id":null}""", "is null")]
    [InlineData("""{"id":""}""", "is empty")]
    [InlineData("""{"id":[1]}""", "is a list")]
    [InlineData("""{"id":{"a":1}}""", "is an object")]
    [InlineData("""{"id":"a\r\nb"}""", "holds the control character U+000D")]
    [InlineData("""{"id":"a\u0085b"}""", "holds the control character U+0085")]
    public void ARecordWithoutAUsableIdIsRefused(string record, string reason)
    {
        var refusals = Refusals("https://h/{record.id}", TemplateKind.Url, record);
        Assert.StartsWith($"$.id: {reason}", Assert.Single(refusals).ToString());
    }

    [Theory]
    [InlineData("""{"h":"a\r\nX-Evil: 1"}""")]
    [InlineData("""{"h":"a\u0000"}""")]
    [InlineData("""{"h":"é"}""")]
    public void NoValueCanAddAHeaderLine(string record) => Assert.Single(Refusals("x {record.h}", TemplateKind.Header, record));

    private static string? Evaluate(string source, TemplateKind kind, string record)
    {
        var problems = new List<Problem>();
        var template = Template.Parse(source, kind, Inputs, "$.t", problems);
        Assert.Empty(problems);
        var text = template!.Evaluate(new RenderContext(Some.Json(record), Now, TimeZoneInfo.Utc, Resolved.Nothing), problems, "MESSAGE");
        Assert.Empty(problems);
        return text;
    }

    private static List<Problem> Refusals(string source, TemplateKind kind, string record)
    {
        var problems = new List<Problem>();
        var template = Template.Parse(source, kind, Inputs, "$.t", problems);
        Assert.Null(template!.Evaluate(new RenderContext(Some.Json(record), Now, TimeZoneInfo.Utc, Resolved.Nothing), problems));
        return problems;
    }
}
