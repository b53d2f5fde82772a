using System.Text;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;
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
        """{"Other":1,"work":{"text":"deep"},"start":"2026-07-10T05:30:00Z","description":"deep","billable":true}""",
        Written.Body(
            Entry + ""","mapping":{"start":"Start time","description":"work.text","billable":{"value":true},"end":"End"},"excludeAttributes":["secret"],"unknownAttributes":"ignore","timers":true}""",
            """{"Start time":"2026-07-10T05:30:00Z","Other":1,"work":{"text":"deep"},"billable":false,"secret":"x"}"""));

    [Fact]
    public void ExcludedAttributesAreOmittedAtEveryDepth() => Assert.Equal(
        """{"id":"1","q":2,"a":{"c":2},"list":[{"y":1},{"y":2}]}""",
        Written.Body(Manual + ""","excludeAttributes":["top","a.b","list.x"]}""", """{"id":"1","q":2,"top":1,"a":{"b":1,"c":2},"list":[{"x":1,"y":1},{"y":2}]}"""));

    [Fact]
    public void ARecordIsConvertedByTheTypesOfItsFieldsAndOtherBytesDoNotChange() => Assert.Equal(
        """{"start":"2026-07-10T03:30:00Z","description":"1.50 ä €","billable":true,"tagIds":["66f1a0c2b7d14e3a9c5d0d01"],"end":"2026-07-10T05:00:00Z"}""",
        Written.Body(Entry + ""","timeZone":"Europe/Berlin"}""", """{"start":"2026-07-10 05:30","duration":"1,5","description":"1.50 ä €","billable":"TRUE","tagIds":"66f1a0c2b7d14e3a9c5d0d01"}"""));

    [Fact]
    public void AValidRecordIsSentUnchanged()
    {
        const string Record = """{"billable":true,"end":"2026-07-10T06:30:00+02:00","start":"2026-07-10T05:30:00+02:00"}""";
        Assert.Equal(Record, Written.Body(Entry + ""","timeZone":"Europe/Berlin"}""", Record));
    }

    [Fact]
    public void WithoutConversionsARecordIsCheckedUnchanged() => Assert.Equal(
        ["$.start", "$.billable", "$.tagIds", "$.duration"],
        Written.Refusals(Entry + ""","timeZone":"Europe/Berlin","convert":false,"timers":true}""", """{"start":"2026-07-10 05:30","billable":"true","tagIds":"66f1a0c2b7d14e3a9c5d0d01","duration":"PT1H"}""").Select(refusal => refusal.Split(':')[0]));

    [Theory]
    [InlineData("""{"start":"2026-07-10T05:30:00Z","duration":"1:30"}""", "2026-07-10T07:00:00Z", null)]
    [InlineData("""{"duration":2,"start":"2026-07-10T05:30:00+02:00"}""", "2026-07-10T05:30:00Z", null)]
    [InlineData("""{"start":"2026-07-10T05:30:00Z","duration":"PT1H","end":"2026-07-10T08:30:00+02:00"}""", "2026-07-10T08:30:00+02:00", null)]
    [InlineData("""{"start":"2026-07-10T05:30:00Z","duration":null,"end":"2026-07-10T06:30:00Z"}""", "2026-07-10T06:30:00Z", null)]
    [InlineData("""{"start":"2026-07-10T05:30:00Z","duration":"PT1H","end":"2026-07-10T06:31:00Z"}""", null, "$.end: is 2026-07-10T06:31:00Z, and start with the duration gives 2026-07-10T06:30:00Z")]
    [InlineData("""{"start":"2026-07-10T05:30:00Z","duration":"long"}""", null, "$.duration: 'long' is not a duration")]
    [InlineData("""{"start":"2026-07-10T05:30:00Z","duration":[1]}""", null, "$.duration: is a list, which is not a duration")]
    [InlineData("""{"start":"2026-07-10T05:30:00Z","duration":"1000"}""", null, "$.duration: '1000' is more than 999 hours")]
    [InlineData("""{"start":"2026-07-10T05:30:00Z"}""", null, "$.end: is missing, and without it Clockify runs a timer; add it or duration, or map an attribute to one of them, or set timers to true")]
    public void StartAndDurationGiveTheEnd(string record, string? end, string? refusal)
    {
        if (refusal is not null) Assert.StartsWith(refusal, Assert.Single(Written.Refusals(Entry + "}", record)), StringComparison.Ordinal);
        else Assert.Equal(end, Some.Json(Written.Body(Entry + "}", record)).GetProperty("end").GetString());
    }

    [Fact]
    public void ADurationWithoutAStartIsRefusedEvenWithoutChecks() =>
        Assert.Contains(Written.Refusals(Entry + ""","validation":"off","timers":true}""", """{"duration":"1:30"}"""), refusal => refusal.StartsWith("$.end: cannot be computed from the duration, because the record has no start", StringComparison.Ordinal));

    [Fact]
    public void AMappingDefinesTheFormatOfItsValues() => Assert.Equal(
        """{"start":"2026-07-30T10:20:00Z","description":"Workshop","billable":false,"end":"2026-07-30T11:50:00Z"}""",
        Written.Body(
            Entry + ""","timeZone":"Europe/Berlin","mapping":{"start":{"date":"Date","time":"From","format":"dd.MM.yyyy HH:mm"},"duration":"Hours","description":"What","billable":"Billable"}}""",
            """{"Date":"30.07.2026","From":"12:20","Hours":"1,5","What":"Workshop","Billable":"0"}"""));

    [Theory]
    [InlineData("""{"Date":"29.03.2026","From":"02:30","Hours":"1"}""", "$.start: 2026-03-29 02:30:00 does not exist in Europe/Berlin")]
    [InlineData("""{"Date":"29.03.2026","From":"25:00","Hours":"1"}""", "$.start: '29.03.2026 25:00' does not match the format dd.MM.yyyy HH:mm")]
    [InlineData("""{"Date":"29.03.2026","Hours":"1"}""", "$.start: needs a date in 'Date' and a time of day in 'From'")]
    [InlineData("""{"From":"09:00","Hours":"1"}""", "$.start: needs a date in 'Date' and a time of day in 'From'")]
    public void AnUnreadableDateIsReportedOnce(string record, string refusal) => Assert.StartsWith(
        refusal,
        Written.Refusals(Entry + ""","timeZone":"Europe/Berlin","timers":true,"mapping":{"start":{"date":"Date","time":"From","format":"dd.MM.yyyy HH:mm"},"duration":"Hours"}}""", record)[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("Europe/Berlin", "2026-07-10T03:30:00Z")]
    [InlineData("America/New_York", "2026-07-10T09:30:00Z")]
    [InlineData(null, null)]
    public void TheTimeZoneCanBeThatOfTheUser(string? zone, string? start)
    {
        var destination = Written.Destination(Entry + ""","timeZone":"user","timers":true}""");
        var result = RequestRenderer.Render(destination, Some.Json("""{"start":"2026-07-10 05:30"}"""), Written.Now, new Resolved { UserZone = zone is null ? null : TimeZoneInfo.FindSystemTimeZoneById(zone) });
        if (start is null) Assert.Contains("that of the record's user is not known", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
        else Assert.Equal($$"""{"start":"{{start}}"}""", Encoding.UTF8.GetString(result.Request!.Body.Span));
    }

    [Fact]
    public void AWrongStartIsTheOnlyProblemOfARecordWithADuration()
    {
        var refusal = Assert.Single(Written.Refusals(Entry + ""","timeZone":"UTC","mapping":{"start":{"date":"Day","time":"From","format":"dd.MM.yyyy HH:mm"}}}""", """{"Day":"27.09.2026","From":"25:00","duration":"1:30"}"""));
        Assert.StartsWith("$.start: ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void AManualBodyIsConvertedIfTheDestinationRequestsIt()
    {
        const string Record = """{"id":1,"q":2,"at":"2026-07-10 05:30","n":"12","deep":[{"at":"2026-07-10T05:30:00"}]}""";
        Assert.Equal(Record, Written.Body(Manual + "}", Record));
        Assert.Equal("""{"id":1,"q":2,"at":"2026-07-10T03:30:00Z","n":"12","deep":[{"at":"2026-07-10T03:30:00Z"}]}""", Written.Body(Manual + ""","timeZone":"Europe/Berlin"}""", Record));
        Assert.Equal("""{"id":1,"q":2,"at":"2026-07-10T03:30:00Z","n":12,"deep":[{"at":"2026-07-10T03:30:00Z"}]}""", Written.Body(Manual + ""","timeZone":"Europe/Berlin","convert":true}""", Record));
        Assert.Equal("""{"id":1,"q":2,"at":"2026-07-10 05:30","n":12,"deep":[{"at":"2026-07-10T05:30:00"}]}""", Written.Body(Manual + ""","convert":true}""", Record));
        Assert.Equal(Record, Written.Body(Manual + ""","timeZone":"Europe/Berlin","convert":false}""", Record));
    }

    [Fact]
    public void ABodyTemplateUsesTheValuesOfATypedMapping() => Assert.Equal(
        """{"from":"2026-07-10T03:30:00Z","tags":["a","b"],"price":1234.50,"id":"1"}""",
        Written.Body(
            Manual + ""","timeZone":"Europe/Berlin","mapping":{"from":{"from":"Start","format":"dd.MM.yyyy HH:mm"},"tags":{"from":"Labels","split":","},"price":{"from":"Preis","type":"number","culture":"de"}},"bodyTemplate":"{\"from\":\"{record.from}\",\"tags\":{record.tags},\"price\":{record.price},\"id\":\"{record.id}\"}"}""",
            """{"id":"1","q":2,"Start":"10.07.2026 05:30","Labels":"a, b","Preis":"1.234,50"}"""));

    [Fact]
    public void ANumericTaskNameBecomesTextAndABudgetTextBecomesMinorUnits() => Assert.Equal(
        """{"name":"2026","budgetEstimate":150000}""",
        Written.Body("""{"credential":"default","endpoint":"createTask","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303","projectId":"{record.p}"},"excludeAttributes":["p"]}""", """{"name":2026,"budgetEstimate":"1500","p":"64a687e29ae1f428e7ebe303"}"""));

    [Theory]
    [InlineData(""","idFrom":"task.id"}""", """{"task":{"id":"64a687e29ae1f428e7ebe3a1"},"name":"n"}""", "64a687e29ae1f428e7ebe3a1")]
    [InlineData(""","idFrom":"{record.prefix}{{number}}"}""", """{"prefix":"64a687e29ae1f428e7ebe3a","number":7,"name":"n"}""", "64a687e29ae1f428e7ebe3a7")]
    [InlineData("}", """{"id":"64a687e29ae1f428e7ebe3a2","name":"n"}""", "64a687e29ae1f428e7ebe3a2")]
    public void TheIdComesFromTheSourceThatTheDestinationNames(string rest, string record, string id) => Assert.Equal(
        $"https://api.clockify.me/api/v1/workspaces/64a687e29ae1f428e7ebe303/projects/64a687e29ae1f428e7ebe303/tasks/{id}",
        Written.Request("""{"credential":"default","endpoint":"updateTask","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303","projectId":"64a687e29ae1f428e7ebe303"}""" + rest, record).Url.AbsoluteUri);

    [Theory]
    [InlineData("deleteTimeEntry", "", """{"id":"ORD-17"}""", "'ORD-17' stands for {id}")]
    [InlineData("updateTag", "", """{"id":"64a687e29ae1f428e7ebe3a","name":"n"}""", "'64a687e29ae1f428e7ebe3a' stands for {id}")]
    [InlineData("createTask", ""","projectId":"{record.p}" """, """{"name":"n","p":"a b"}""", "'a b' stands for {projectId}")]
    public void AnInvalidIdIsReportedBeforeACall(string endpoint, string input, string record, string reason)
    {
        var config = $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"{{input}}}""";
        Assert.Contains(reason, Assert.Single(Written.Refusals(config + "}", record)), StringComparison.Ordinal);
        Assert.NotNull(Written.Request(config + ""","validation":"off"}""", record));
    }

    [Fact]
    public void AUrlThatIsTooLongIsRefused() =>
        Assert.Contains("Its URL has", Assert.Single(Written.Refusals(Manual + "}", $$"""{"id":1,"q":"{{new string('漢', 4000)}}"}""")), StringComparison.Ordinal);

    [Fact]
    public void MacrosUseTheTextOfTheBacklogInAPreviewToo() => Assert.Equal(
        """{"all":"{\"id\":1}"}""",
        Written.Body(Manual + ""","bodyTemplate":"{\"all\":\"{record.c}\"}"}""", """{"id":1,"q":2,"c": { "id" : 1 }}"""));

    [Fact]
    public void AFormTemplateIgnoresMembersThatItDoesNotUse() => Assert.Equal(
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
    public void EveryFieldThatClockifyWouldRefuseIsReported()
    {
        var refusals = Written.Refusals(Entry + "}", """{"start":"2026-07-10T05:30:00","end":"soon","description":"a<b","billable":"maybe","projectId":"p1","tagIds":["x"],"type":"PAUSE","customFields":{}}""");
        Assert.Equal(["$.start", "$.end", "$.billable", "$.description", "$.projectId", "$.tagIds", "$.type", "$.customFields"], refusals.Select(refusal => refusal.Split(':')[0]));
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
    public void AMergeRefusesNullForARequiredFieldButNotItsAbsence(string record, bool refused)
    {
        var config = """{"credential":"default","endpoint":"updateTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"updateMode":"merge"}""";
        Assert.Equal(refused ? ["$.name"] : [], RequestRenderer.Render(Written.Destination(config), Some.Json(record), Written.Now).Problems.Select(problem => problem.Path));
    }

    [Theory]
    [InlineData("reject", true, 0)]
    [InlineData("warn", false, 1)]
    [InlineData("off", false, 0)]
    public void ValidationDecidesTheHandlingOfAnInvalidRecord(string validation, bool refused, int warnings)
    {
        var result = RequestRenderer.Render(Written.Destination(Entry + $$""","validation":"{{validation}}","timers":true}"""), Some.Json("""{"start":"never"}"""), Written.Now);
        Assert.Equal(refused, result.Request is null);
        if (!refused) Assert.Equal(warnings, result.Problems.Count);
    }
}
