using System.Text;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

public sealed class RequestRendererTests
{
    private const string Entry = """{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"w1"}""";
    private const string Manual = """{"credential":"default","method":"POST","url":"https://api.clockify.me/x/{record.id}?q={record.q}" """;

    [Fact]
    public void AManualRequestHasItsUrlHeadersAndContentType()
    {
        var request = Written.Request(
            Manual + ""","headers":{"X-Trace":"t-{record.id}","Accept":"text/plain, */*"}}""", """{"id":"a/b","q":"1&2=3#"}""");
        Assert.Equal("https://api.clockify.me/x/a%2Fb?q=1%262%3D3%23", request.Url.AbsoluteUri);
        Assert.Equal(["X-Trace: t-a/b", "Accept: text/plain, */*"], request.Headers.Select(header => $"{header.Key}: {header.Value}"));
        Assert.Equal("application/json", request.ContentType);
    }

    [Fact]
    public void AMappingRenamesAttributesAndSetsConstants() => Assert.Equal(
        """{"Other":1,"start":"2026-07-10T05:30:00Z","description":"deep","billable":true}""",
        Written.Body(
            Entry + ""","mapping":{"start":"Start time","description":"work.text","billable":{"value":true},"end":"End"},"excludeAttributes":["work","secret"]}""",
            """{"Start time":"2026-07-10T05:30:00Z","Other":1,"work":{"text":"deep"},"billable":false,"secret":"x"}"""));

    [Fact]
    public void ExcludedAttributesAreLeftOutAtEveryDepth() => Assert.Equal(
        """{"id":"1","q":2,"a":{"c":2},"list":[{"y":1},{"y":2}]}""",
        Written.Body(Manual + ""","excludeAttributes":["top","a.b","list.x"]}""", """{"id":"1","q":2,"top":1,"a":{"b":1,"c":2},"list":[{"x":1,"y":1},{"y":2}]}"""));

    [Theory]
    [InlineData("2026-07-10 05:30", "2026-07-10T03:30:00Z")]
    [InlineData("2026-01-10T05:30:15", "2026-01-10T04:30:15Z")]
    [InlineData("2026-07-10", "2026-07-09T22:00:00Z")]
    [InlineData("2026-10-25 02:30", "2026-10-25T01:30:00Z")]
    [InlineData("2026-07-10T05:30:00+05:30", "2026-07-10T05:30:00+05:30")]
    public void ADateWithoutAZoneIsReadInTheDestinationsZone(string written, string sent) => Assert.Equal(
        $$"""{"start":"{{sent}}","billable":true}""",
        Written.Body(Entry + ""","timeZone":"Europe/Berlin"}""", $$"""{"start":"{{written}}","billable":"TRUE"}"""));

    [Fact]
    public void ATimeThatTheClocksSkipIsRefused() => Assert.Contains(
        "does not exist in Europe/Berlin",
        Assert.Single(Written.Refusals(Entry + ""","timeZone":"Europe/Berlin"}""", """{"start":"2026-03-29 02:30"}""")));

    [Fact]
    public void ATaskKeepsItsNumbersWhenTheyComeAsText() => Assert.Equal(
        """{"name":"2026","budgetEstimate":1500}""",
        Written.Body("""{"credential":"default","endpoint":"createTask","inputs":{"workspaceId":"w","projectId":"{record.p}"},"convert":true,"excludeAttributes":["p"]}""", """{"name":2026,"budgetEstimate":"1500","p":"x"}"""));

    [Theory]
    [InlineData(""","idFrom":"task.id"}""", """{"task":{"id":"t1"},"name":"n"}""", "t1")]
    [InlineData(""","idFrom":"{record.prefix}{{number}}"}""", """{"prefix":"a","number":7,"name":"n"}""", "a7")]
    [InlineData("}", """{"id":"t2","name":"n"}""", "t2")]
    public void TheIdComesFromWhereTheDestinationSays(string rest, string record, string id) => Assert.Equal(
        $"https://api.clockify.me/api/v1/workspaces/w/projects/p/tasks/{id}",
        Written.Request("""{"credential":"default","endpoint":"updateTask","inputs":{"workspaceId":"w","projectId":"p"}""" + rest, record).Url.AbsoluteUri);

    [Fact]
    public void XmlHasAnElementPerMember()
    {
        var request = Written.Request(Manual + ""","contentType":"xml"}""", """{"id":1,"q":"<&>","tags":["a","b"],"none":null,"deep":{"x y":true}}""");
        Assert.Equal("application/xml", request.ContentType);
        Assert.Equal(
            """<record><id>1</id><q>&lt;&amp;&gt;</q><tags>a</tags><tags>b</tags><none></none><deep><field name="x y">true</field></deep></record>""",
            Encoding.UTF8.GetString(request.Body.Span));
    }

    [Fact]
    public void AFormRepeatsTheNameOfAListAndRefusesAnObject()
    {
        Assert.Equal("id=1&q=a+%26+b&t=1&t=2&n=", Written.Body(Manual + ""","contentType":"form"}""", """{"id":1,"q":"a & b","t":[1,2],"n":null}"""));
        Assert.Contains("a form cannot hold", Assert.Single(Written.Refusals(Manual + ""","contentType":"form"}""", """{"id":1,"q":1,"o":{}}""")));
    }

    [Fact]
    public void ABodyTemplateWrapsTheWholeRecord() => Assert.Equal(
        """{"data":{"id":1,"q":2},"at":"2026-07-10","who":"1"}""",
        Written.Body(Manual + ""","bodyTemplate":"{\"data\":{message.json},\"at\":\"{now:yyyy-MM-dd}\",\"who\":\"{{id}}\"}"}""", """{"id":1,"q":2}"""));

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a\\u000ab")]
    [InlineData("\\ud800")]
    [InlineData("")]
    public void AnIdThatWouldChangeThePathRefusesTheRecord(string id) =>
        Assert.Single(Written.Refusals(Manual + "}", $$"""{"id":"{{id}}","q":1}"""));

    [Fact]
    public void WhatClockifyWouldRefuseIsToldFieldByField()
    {
        var refusals = Written.Refusals(Entry + "}", """{"start":"2026-07-10T05:30:00","end":"soon","description":"a<b","billable":"yes","projectId":"p1","tagIds":["x"],"type":"PAUSE","customFields":{}}""");
        Assert.Equal(["$.start", "$.end", "$.description", "$.billable", "$.projectId", "$.tagIds", "$.type", "$.customFields"], refusals.Select(refusal => refusal.Split(':')[0]));
    }

    [Theory]
    [InlineData("reject", true, 0)]
    [InlineData("warn", false, 1)]
    [InlineData("off", false, 0)]
    public void StrictnessDecidesWhatBecomesOfAnInvalidRecord(string validation, bool refused, int warnings)
    {
        var result = RequestRenderer.Render(Written.Destination(Entry + $$""","validation":"{{validation}}"}"""), Some.Json("""{"start":"never"}"""), Written.Now);
        Assert.Equal(refused, result.Request is null);
        if (!refused) Assert.Equal(warnings, result.Problems.Count);
    }

    [Fact]
    public void SilentLossesAreWarnings()
    {
        var result = RequestRenderer.Render(Written.Destination(Entry + "}"), Some.Json("""{"customFieldValues":[],"userId":"u"}"""), Written.Now);
        Assert.NotNull(result.Request);
        Assert.Equal(["$.customFieldValues", "$.userId"], result.Problems.Select(warning => warning.Path));
    }
}
