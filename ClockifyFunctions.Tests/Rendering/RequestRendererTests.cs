using System.Text;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

public sealed class RequestRendererTests
{
    private const string Entry = """{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}""";
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
    [InlineData("2026-07-10 05:30:00+02:00", "2026-07-10T03:30:00Z")]
    [InlineData("2026-07-10 05:30:00Z", "2026-07-10T05:30:00Z")]
    [InlineData("2026-07-10T05:30:00Z ", "2026-07-10T05:30:00Z")]
    [InlineData("2026-07-10T05:30Z ", "2026-07-10T05:30:00Z")]
    [InlineData("2026-07-10T05:30Z", "2026-07-10T05:30Z")]
    [InlineData("2026-07-10T05:30:00.5Z", "2026-07-10T05:30:00.5Z")]
    [InlineData("2026-07-10T05:30:00+0200", "2026-07-10T03:30:00Z")]
    [InlineData("2026-07-10 05:30:00+02", "2026-07-10T03:30:00Z")]
    [InlineData("2026-07-10 05:30+02:00", "2026-07-10T03:30:00Z")]
    [InlineData("2026-07-10T05:30:00.123456789Z", "2026-07-10T05:30:00Z")]
    [InlineData("2026-07-10T05:30:00.123456789", "2026-07-10T03:30:00Z")]
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
        Written.Body("""{"credential":"default","endpoint":"createTask","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303","projectId":"{record.p}"},"convert":true,"excludeAttributes":["p"]}""", """{"name":2026,"budgetEstimate":"1500","p":"64a687e29ae1f428e7ebe303"}"""));

    [Theory]
    [InlineData(""","idFrom":"task.id"}""", """{"task":{"id":"64a687e29ae1f428e7ebe3a1"},"name":"n"}""", "64a687e29ae1f428e7ebe3a1")]
    [InlineData(""","idFrom":"{record.prefix}{{number}}"}""", """{"prefix":"64a687e29ae1f428e7ebe3a","number":7,"name":"n"}""", "64a687e29ae1f428e7ebe3a7")]
    [InlineData("}", """{"id":"64a687e29ae1f428e7ebe3a2","name":"n"}""", "64a687e29ae1f428e7ebe3a2")]
    public void TheIdComesFromWhereTheDestinationSays(string rest, string record, string id) => Assert.Equal(
        $"https://api.clockify.me/api/v1/workspaces/64a687e29ae1f428e7ebe303/projects/64a687e29ae1f428e7ebe303/tasks/{id}",
        Written.Request("""{"credential":"default","endpoint":"updateTask","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303","projectId":"64a687e29ae1f428e7ebe303"}""" + rest, record).Url.AbsoluteUri);

    [Theory]
    [InlineData("deleteTimeEntry", "", """{"id":"ORD-17"}""", "'ORD-17' stands for {id}")]
    [InlineData("updateTag", "", """{"id":"64a687e29ae1f428e7ebe3a","name":"n"}""", "'64a687e29ae1f428e7ebe3a' stands for {id}")]
    [InlineData("createTask", ""","projectId":"{record.p}" """, """{"name":"n","p":"a b"}""", "'a b' stands for {projectId}")]
    public void AnIdThatIsNoneIsToldBeforeACallIsMade(string endpoint, string input, string record, string reason)
    {
        var config = $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"{{input}}}""";
        Assert.Contains(reason, Assert.Single(Written.Refusals(config + "}", record)), StringComparison.Ordinal);
        Assert.NotNull(Written.Request(config + ""","validation":"off"}""", record));
    }

    [Fact]
    public void AUrlThatNoServerTakesIsRefused() =>
        Assert.Contains("Its URL has", Assert.Single(Written.Refusals(Manual + "}", $$"""{"id":1,"q":"{{new string('漢', 4000)}}"}""")), StringComparison.Ordinal);

    [Fact]
    public void MacrosGiveTheTextThatTheBacklogHasInAPreviewToo() => Assert.Equal(
        """{"all":"{\"id\":1}"}""",
        Written.Body(Manual + ""","bodyTemplate":"{\"all\":\"{record.c}\"}"}""", """{"id":1,"q":2,"c": { "id" : 1 }}"""));

    [Fact]
    public void AFormTemplateAsksNothingOfMembersItDoesNotUse() => Assert.Equal(
        "a=2", Written.Body(Manual + ""","contentType":"form","bodyTemplate":"a={record.q}"}""", """{"id":1,"q":2,"client":{"id":2}}"""));

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
    [InlineData("2026-07-10T05:30:00Z", "2026-07-10T05:29:59Z", true)]
    [InlineData("2026-07-10T05:30:00Z", "2026-07-10T05:30:00Z", false)]
    [InlineData("2026-07-10T05:30:00+02:00", "2026-07-10T03:29:00Z", true)]
    [InlineData("2026-07-10T05:30:00+02:00", "2026-07-10T03:30:00Z", false)]
    [InlineData("2026-07-10T05:30:00.5Z", "2026-07-10T05:30:00Z", false)]
    [InlineData("2026-07-10T05:30:01.5Z", "2026-07-10T05:30:00.9Z", true)]
    public void AnEntryDoesNotEndBeforeItBegins(string start, string end, bool refused)
    {
        var result = RequestRenderer.Render(Written.Destination(Entry + "}"), Some.Json($$"""{"start":"{{start}}","end":"{{end}}"}"""), Written.Now);
        Assert.Equal(refused ? ["$.end"] : [], result.Problems.Select(problem => problem.Path));
    }

    [Theory]
    [InlineData("""{"id":"64a687e29ae1f428e7ebe3a1","name":null}""", true)]
    [InlineData("""{"id":"64a687e29ae1f428e7ebe3a1","archived":true}""", false)]
    public void AMergeSendsNullWhereTheRecordSaysSoAndIsRefusedBefore(string record, bool refused)
    {
        var config = """{"credential":"default","endpoint":"updateTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"updateMode":"merge"}""";
        Assert.Equal(refused ? ["$.name"] : [], RequestRenderer.Render(Written.Destination(config), Some.Json(record), Written.Now).Problems.Select(problem => problem.Path));
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
