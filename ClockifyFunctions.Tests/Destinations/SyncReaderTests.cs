using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Destinations;

public sealed class SyncReaderTests
{
    public static TheoryData<string> Objects => [.. SyncObject.All.Keys];

    [Theory]
    [MemberData(nameof(Objects))]
    public void EveryObjectOfTheCatalogCanBeSynchronized(string name)
    {
        var parent = SyncObject.All[name].Parent is { } input ? $",\"{input}\":\"{{record.{input}}}\"" : "";
        var sync = Written.Destination($$"""{"credential":"default","sync":"{{name}}","key":"{record.key}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"{{parent}}} }""").Sync!;
        Assert.Equal(name, sync.Object.Name);
        Assert.Equal(sync.Object.Update is null, sync.Update is null);
        Assert.Equal(sync.Object.Archive is null, sync.Archive is null);
        Assert.Equal(sync.Object.Delete is null, sync.Delete is null);
        Assert.Equal(sync.Object.Archive is null ? Vanished.Keep : Vanished.Archive, sync.Vanished);
    }

    [Theory]
    [InlineData("\"sync\":\"planets\",\"key\":\"id\"", "$.sync")]
    [InlineData("\"sync\":\"projects\"", "$.key")]
    [InlineData("\"sync\":\"projects\",\"key\":\"fixed\"", null)]
    [InlineData("\"sync\":\"projects\",\"key\":\"fixed{now}\"", "$.key")]
    [InlineData("\"sync\":\"projects\",\"key\":\"{record.a}/{record.b}\"", null)]
    [InlineData("\"sync\":\"timeEntries\",\"key\":\"id\",\"mode\":\"mirror\",\"vanished\":\"archive\"", "$.vanished")]
    [InlineData("\"sync\":\"timeEntries\",\"key\":\"id\",\"mode\":\"mirror\",\"vanished\":\"delete\"", null)]
    [InlineData("\"sync\":\"users\",\"key\":\"id\",\"mode\":\"mirror\",\"vanished\":\"delete\"", "$.vanished")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"vanished\":\"archive\"", "$.vanished")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"limits\":{\"percent\":5}", "$.limits")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"mode\":\"mirror\",\"limits\":{\"percent\":101}", "$.limits.percent")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"mode\":\"mirror\",\"limits\":{\"most\":1}", "$.limits.most")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"mode\":\"mirror\",\"deleteAfterDays\":30,\"vanished\":\"keep\"", "$.deleteAfterDays")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"mode\":\"mirror\",\"deleteAfterDays\":30", null)]
    [InlineData("\"sync\":\"invoicePayments\",\"key\":\"id\",\"mode\":\"update\"", "$.mode")]
    [InlineData("\"sync\":\"expenses\",\"key\":\"id\",\"adopt\":\"unique\"", "$.adopt")]
    [InlineData("\"sync\":\"expenses\",\"key\":\"id\",\"adopt\":\"marker\"", "$.adopt")]
    [InlineData("\"sync\":\"expenses\",\"key\":\"id\",\"adopt\":\"marker\",\"marker\":\"note\"", null)]
    [InlineData("\"sync\":\"tags\",\"key\":\"id\",\"marker\":\"note\"", "$.marker")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"marker\":\"description\"", "$.marker")]
    [InlineData("\"sync\":\"timeEntries\",\"key\":\"id\",\"marker\":{\"customField\":\"External key\"}", null)]
    [InlineData("\"sync\":\"timeEntries\",\"key\":\"{record.a}/{record.b}\",\"marker\":{\"customField\":\"External key\"}", "$.marker")]
    [InlineData("\"sync\":\"userGroups\",\"key\":\"id\",\"changed\":\"mapped\"", "$.changed")]
    [InlineData("\"sync\":\"userGroups\",\"key\":\"id\",\"drift\":\"repair\"", "$.drift")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"endpoint\":\"createProject\"", "$.endpoint")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"batching\":{\"size\":2}", "$.batching")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"dedupeBy\":\"id\"", "$.dedupeBy")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"mapping\":{\"colour\":\"c\"}", "$.mapping.colour")]
    [InlineData("\"sync\":\"projects\",\"key\":\"id\",\"mapping\":{\"archived\":\"c\"}", null)]
    [InlineData("\"endpoint\":\"createProject\",\"key\":\"id\"", "$.key")]
    [InlineData("\"endpoint\":\"createProject\",\"dedupeBy\":\"id\",\"dedupeDays\":367", "$.dedupeDays")]
    [InlineData("\"endpoint\":\"createProject\",\"dedupeDays\":3", "$.dedupeDays")]
    [InlineData("\"endpoint\":\"createProject\",\"dedupeBy\":\"{record.id}\"", null)]
    public void MeaninglessMembersAreProblems(string members, string? path)
    {
        var problems = Written.Problems(Config(members));
        if (path is null) Assert.Empty(problems);
        else Assert.Equal(path, Assert.Single(problems).Path);
    }

    [Fact]
    public void AllProblemsOfTheSyncConfigAreReportedTogether()
    {
        var problems = Written.Problems(Config("\"sync\":\"tags\",\"mode\":\"guess\",\"adopt\":\"no\",\"marker\":\"x\",\"graceMinutes\":-1,\"gone\":\"no\",\"onDoubleKey\":\"no\",\"url\":\"u\""));
        Assert.Equal(
            ["$.adopt", "$.gone", "$.graceMinutes", "$.graceMinutes", "$.key", "$.marker", "$.mode", "$.onDoubleKey", "$.url"], problems.Select(problem => problem.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ACustomFieldThatHoldsTheKeyIsAReference()
    {
        var destination = Read("\"sync\":\"timeEntries\",\"key\":\"Nr\",\"marker\":{\"customField\":\"External key\"}");
        foreach (var operation in new[] { destination, destination.Sync!.Update! })
        {
            var reference = Assert.Single(operation.References);
            Assert.Equal(("customFields.External key", "Nr"), (reference.Name, reference.From.Text));
        }
    }

    [Fact]
    public void TheHashOfAConfigDependsOnTheRenderedMembers()
    {
        var plain = Hash("");
        Assert.Equal(plain, Hash(",\"mode\":\"mirror\",\"limits\":{\"percent\":3},\"responses\":false"));
        Assert.NotEqual(plain, Hash(",\"mapping\":{\"note\":\"summary\"}"));
        Assert.NotEqual(plain, Hash(",\"timeZone\":\"Europe/Berlin\""));

        UInt128 Hash(string more) => Read($"\"sync\":\"projects\",\"key\":\"id\"{more}").Links!.ConfigHash;
    }

    private static Destination Read(string members) => Written.Destination(Config(members));

    private static string Config(string members) => $$"""{"credential":"default","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},{{members}}}""";
}
