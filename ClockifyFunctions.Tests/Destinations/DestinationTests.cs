using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Destinations;

public sealed class DestinationTests
{
    [Fact]
    public void EveryProblemIsReportedAtOnceWithItsPath()
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
    [InlineData("https://api.clockify.me@evil.example/x", "user or password")]
    [InlineData("https://169.254.169.254/metadata", "is not the API")]
    [InlineData("https://listed.example/a/../b", "'.' or '..' segment")]
    [InlineData("https://listed.example/a/%2E%2e/b", "'.' or '..' segment")]
    [InlineData("ftp://listed.example/x", "no absolute http(s) URL")]
    [InlineData("listed.example/x", "no absolute http(s) URL")]
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
    public void WhatMakesNoSenseTogetherIsAProblem(string config, string path) => Assert.Equal(path, Assert.Single(Written.Problems(config)).Path);

    [Theory]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"mapping":{"name":"Nr."}}""")]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"elsewhere"},"validation":"Off"}""")]
    public void WhatMakesSenseIsNone(string config) => Assert.Empty(Written.Problems(config));

    [Theory]
    [InlineData("updateProject", "\"updateMode\":\"merge\"", "1/00:05:00", "$.updateMode")]
    [InlineData("deleteProject", "\"archiveFirst\":true", "10/00:00:01;1/00:05:00", "$.archiveFirst")]
    [InlineData("updateProject", "\"updateMode\":\"merge\"", "2/00:05:00", null)]
    [InlineData("updateProject", "\"updateMode\":\"merge\"", "1/00:01:00", null)]
    [InlineData("updateProject", "\"updateMode\":\"replace\"", "1/00:05:00", null)]
    public void ARecordThatTakesMoreCallsThanItsKeyMakesInTimeIsRefused(string endpoint, string mode, string limits, string? path)
    {
        var config = $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},{{mode}}}""";
        Assert.True(RateWindow.TryParseList(limits, out var windows));
        Assert.Equal(path, Written.Problems(config, new Credential("default", "secret", "X-Api-Key", Credential.GlobalApi, windows)).SingleOrDefault()?.Path);
    }

    [Fact]
    public void AManualPostIsSetAsideWhenItsOutcomeIsUnknown() =>
        Assert.Equal(OnUnknown.Quarantine, Written.Destination("""{"credential":"default","method":"post","url":"https://api.clockify.me/x"}""").OnUnknown);
}
