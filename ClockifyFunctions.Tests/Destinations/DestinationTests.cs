using System.Text.Json.Nodes;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Destinations;

public sealed class DestinationTests
{
    [Fact]
    public void EveryProblemIsReportedWithItsPath()
    {
        var problems = Written.Problems("""
            {"credential":"other","endpoint":"updateTask","inputs":{"projectId":"{record.","user":"x"},"url":"https://h","mapping":{"nme":"Name","name":5},
             "excludeAttributes":["a..b"],"timeZone":"Mars/Base","idFrom":"{nope}","updateMode":"guess","onUnknown":"1","validation":"x","archiveFirst":true,
             "headers":"X-Api-Key:a,noColon,b c:d","batching":{"size":0},"exludeAttributes":[]}
            """);
        Assert.Equal(
            ["$.archiveFirst", "$.batching", "$.batching.size", "$.credential", "$.excludeAttributes[0]", "$.exludeAttributes", "$.headers", "$.headers", "$.headers", "$.idFrom",
             "$.inputs.projectId", "$.inputs.user", "$.inputs.workspaceId", "$.mapping.name", "$.mapping.nme", "$.onUnknown", "$.timeZone", "$.updateMode", "$.url", "$.validation"],
            problems.Select(problem => problem.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("https://api.clockify.me/api/v1/x", null)]
    [InlineData("https://API.clockify.me/x/{record.id}", null)]
    [InlineData("https://listed.example/x", null)]
    [InlineData("http://listed.example/x", "without encryption")]
    [InlineData("http://plain.example/x", null)]
    [InlineData("https://other.example:8443/x", null)]
    [InlineData("http://api.clockify.me/x", "without encryption")]
    [InlineData("https://api.clockify.me:444/x", "is not the API")]
    [InlineData("https://api.clockify.me.evil.example/x", "is not the API")]
    [InlineData("https://other.example/x", "is not the API")]
    [InlineData("https://api.clockify.me@evil.example/x", "user name or password")]
    [InlineData("https://169.254.169.254/metadata", "is not the API")]
    [InlineData("https://listed.example/a/../b", "'.' or '..' segment")]
    [InlineData("https://listed.example/a/%2E%2e/b", "'.' or '..' segment")]
    [InlineData("ftp://listed.example/x", "not an absolute http(s) URL")]
    [InlineData("listed.example/x", "not an absolute http(s) URL")]
    public void TheKeyGoesToItsApiAndListedHostsOnly(string url, string? problem)
    {
        var problems = Written.Problems($$"""{"credential":"default","method":"POST","url":"{{url}}"}""", Written.Credential(allowed: ["listed.example", "other.example:8443", "http://plain.example"]));
        if (problem is null) Assert.Empty(problems);
        else Assert.Contains(problem, Assert.Single(problems).ToString());
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("x-api-key")]
    [InlineData("Content-Length")]
    [InlineData("X-Addon-Token")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Authorization")]
    public void ReservedHeadersAreRefused(string name)
    {
        var problem = Assert.Single(Written.Problems($$"""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","headers":"{{name}}:v"}"""));
        Assert.Contains("reserved", problem.Message);
    }

    [Theory]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","batching":{"grouping":{"kind":"property"}}}""", "$.batching.grouping.property")]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","batching":{"maxAgeSeconds":3601}}""", "$.batching.maxAgeSeconds")]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","contentType":"xml","batching":{}}""", "$.batching")]
    [InlineData("""{"credential":"default","method":"DELETE","url":"https://api.clockify.me/x","batching":{}}""", "$.batching")]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","bodyTemplate":"{message.json}","batching":{}}""", "$.batching")]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","bodyTemplate":"{\"a\":{record.b}"}""", "$.bodyTemplate")]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","onUnknown":"verify"}""", "$.onUnknown")]
    [InlineData("""{"credential":"default","method":"BREW","url":"https://api.clockify.me/x"}""", "$.method")]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":".."}}""", "$.inputs.workspaceId")]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"updateMode":"merge"}""", "$.updateMode")]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"mapping":{"name":{"value":"\ud800"}}}""", "$.mapping.name")]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","headers":{"X":"\ud800"}}""", "$.headers")]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","batching":{"grouping":{"constants":{"a":"\udc00"}}}}""", "$.batching.grouping.constants.a")]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303 "}}""", "$.inputs.workspaceId")]
    [InlineData("""{"credential":"default","endpoint":"deleteTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"mapping":{"id":"Tag"}}""", "$.mapping")]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","excludeAttributes":["lines.0.secret"]}""", "$.excludeAttributes[0]")]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/x","contentType":"multipart","bodyTemplate":"{message.json}"}""", "$.bodyTemplate")]
    [InlineData("""{"credential":"default","endpoint":"createExpense","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"onUnknown":"verify"}""", "$.onUnknown")]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"batching":{"size":2}}""", "$.batching")]
    [InlineData("""{"credential":"default","endpoint":"updateTimeEntries","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"batching":{"grouping":{"kind":"property","property":"items"}}}""", "$.batching.grouping")]
    [InlineData("""{"credential":"default","endpoint":"inviteUser","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303","send-email":"perhaps"}}""", "$.inputs.send-email")]
    [InlineData("""{"credential":"default","endpoint":"updateUserGroup","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"updateMode":"merge"}""", "$.updateMode")]
    public void ContradictoryMembersAreAProblem(string config, string path) => Assert.Equal(path, Assert.Single(Written.Problems(config)).Path);

    [Theory]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"mapping":{"name":"Nr."}}""")]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"elsewhere"},"validation":"Off"}""")]
    public void AConsistentConfigHasNoProblem(string config) => Assert.Empty(Written.Problems(config));

    [Theory]
    [InlineData("""{"giveUpAfter":"00:00:30"}""", "$.retry.giveUpAfter")]
    [InlineData("""{"giveUpAfter":"8.00:00:00"}""", "$.retry.giveUpAfter")]
    [InlineData("""{"giveUpAfter":"soon"}""", "$.retry.giveUpAfter")]
    [InlineData("""{"giveUp":"01:00:00"}""", "$.retry.giveUp")]
    [InlineData("""{"giveUpAfter":"7.00:00:00"}""", null)]
    [InlineData("""{"giveUpAfter":"00:01:00"}""", null)]
    public void GiveUpAfterIsBetweenAMinuteAndAWeek(string retry, string? path) =>
        Assert.Equal(path, Written.Problems($$"""{"credential":"default","endpoint":"updateTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"retry":{{retry}}}""").SingleOrDefault()?.Path);

    [Theory]
    [InlineData("createTimeEntryForUser", "{}", """{"userId":"5f0b1c2d3e4f5a6b7c8d9e02","start":"2026-07-10T05:30:00Z","duration":1}""", "user/5f0b1c2d3e4f5a6b7c8d9e02/time-entries")]
    [InlineData("createTimeEntryForUser", """{"userId":"{record.who.id}","from-entry":"66f1a0c2b7d14e3a9c5d0e01"}""", """{"who":{"id":"5f0b1c2d3e4f5a6b7c8d9e02"},"start":"2026-07-10T05:30:00Z","duration":1}""", "user/5f0b1c2d3e4f5a6b7c8d9e02/time-entries?from-entry=66f1a0c2b7d14e3a9c5d0e01")]
    [InlineData("inviteUser", "{}", """{"email":"fay@example.com"}""", "users?send-email=false")]
    [InlineData("inviteUser", """{"send-email":"{record.mail}"}""", """{"email":"fay@example.com","mail":true}""", "users?send-email=true")]
    [InlineData("deleteTimeEntries", "{}", """{"userId":"5f0b1c2d3e4f5a6b7c8d9e02","timeEntryIds":["66f1a0c2b7d14e3a9c5d0e01","66f1a0c2b7d14e3a9c5d0e02"]}""", "user/5f0b1c2d3e4f5a6b7c8d9e02/time-entries?time-entry-ids=66f1a0c2b7d14e3a9c5d0e01%2C66f1a0c2b7d14e3a9c5d0e02")]
    [InlineData("deleteInvoiceItem", "{}", """{"invoiceId":"66f1a0c2b7d14e3a9c5d0801","position":2}""", "invoices/66f1a0c2b7d14e3a9c5d0801/items/2")]
    public void AnInputComesFromTheDestinationOtherwiseFromTheRecordOtherwiseFromItsDefault(string endpoint, string inputs, string record, string path)
    {
        var all = JsonNode.Parse(inputs)!.AsObject();
        all["workspaceId"] = "64a687e29ae1f428e7ebe303";
        var request = Written.Request($$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{{all.ToJsonString()}} }""", record);
        Assert.Equal($"https://api.clockify.me/api/v1/workspaces/64a687e29ae1f428e7ebe303/{path}", request.Url.AbsoluteUri);
    }

    [Fact]
    public void AMissingInputIsAProblemOfTheRecord()
    {
        var destination = Written.Destination("""{"credential":"default","endpoint":"createTimeEntryForUser","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"timers":true}""");
        Assert.Equal("$.userId", Assert.Single(RequestRenderer.Render(destination, Some.Json("{}"), Written.Now).Problems).Path);
    }

    [Theory]
    [InlineData("createTag", nameof(OnUnknown.Verify))]
    [InlineData("createExpense", nameof(OnUnknown.Quarantine))]
    [InlineData("deleteInvoiceItem", nameof(OnUnknown.Quarantine))]
    [InlineData("updateTag", nameof(OnUnknown.Verify))]
    public void ACreateThatCannotBeVerifiedIsQuarantinedIfItsOutcomeIsUnknown(string endpoint, string expected) =>
        Assert.Equal(expected, Written.Destination($$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"} }""").OnUnknown.ToString());

    [Fact]
    public void AManualPostIsQuarantinedIfItsOutcomeIsUnknown() =>
        Assert.Equal(OnUnknown.Quarantine, Written.Destination("""{"credential":"default","method":"post","url":"https://api.clockify.me/x"}""").OnUnknown);
}
