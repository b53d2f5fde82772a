using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands.Agency;
using ClockifyFunctions.LocalHost.Stack;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.LocalHost.Commands.Agency;

public sealed class ComparisonTests
{
    private static readonly EntryLine Kickoff = new("ada@x.org", "ACME", "Website", "Review", "Kick-off", "2026-01-01T09:00:00Z", "2026-01-01T10:00:00Z", "On site", true);

    private static readonly EntryLine Lunch = Kickoff with { Description = "Lunch", Start = "2026-01-01T12:00:00Z" };

    private static readonly Expectation Expected = new([("1", Kickoff), ("2", Lunch)], "Nr", [new("3", "unresolved")], ["tag New", "task ACME / Website / QA"]);

    private static readonly string[] Created = ["tag New", "task ACME / Website / QA"];

    [Fact]
    public void AStateAsExpectedIsEqual()
    {
        var result = Compare([Lunch, Kickoff], Created, [new("3", "unresolved"), new("3", "unresolved")]);
        Assert.Empty(result.Differences);
        Assert.Equal((2, 0, 1, 0, 2, 0), (result.EntriesMatching, result.EntriesUnexpected, result.QuarantinedMatching, result.QuarantinedUnexpected, result.CreatedMatching, result.CreatedTwice));
    }

    [Fact]
    public void ADifferentEntryNamesTheDifference()
    {
        var result = Compare([Kickoff, Lunch with { Project = "App", Billable = false }], Created, [new("3", "unresolved")]);
        Assert.Equal("2: project is 'App', not 'Website'; billable is 'False', not 'True'", Assert.Single(result.Differences));
        Assert.Equal((1, 1, 0), (result.EntriesMatching, result.EntriesUnexpected, result.CreatedTwice));
    }

    [Fact]
    public void AMissingEntryAndAnAdditionalEntryAreReported()
    {
        var result = Compare([Kickoff, Kickoff, Kickoff with { Description = "Other", User = "ben@x.org", Start = "2026-02-01T09:00:00Z" }], Created, [new("3", "unresolved")]);
        Assert.Equal(3, result.Differences.Count);
        Assert.StartsWith("2: is missing", result.Differences[0], StringComparison.Ordinal);
        Assert.Contains(result.Differences, difference => difference.StartsWith("exists twice", StringComparison.Ordinal));
        Assert.Contains(result.Differences, difference => difference.StartsWith("is not expected", StringComparison.Ordinal));
        Assert.Equal((1, 2, 1), (result.EntriesMatching, result.EntriesUnexpected, result.CreatedTwice));
    }

    [Fact]
    public void ObjectsCreatedTwiceOrNotAtAllAreReported()
    {
        var result = Compare([Kickoff, Lunch], ["tag New", "tag New", "tag Odd"], [new("3", "unresolved")]);
        Assert.Equal(["tag New: was created 2 times.", "tag Odd: was created, but is not expected.", "task ACME / Website / QA: was not created."], result.Differences);
        Assert.Equal((1, 1), (result.CreatedMatching, result.CreatedTwice));
    }

    [Fact]
    public void EveryWrongRowOfTheQuarantineIsReported()
    {
        Assert.Equal("3: is in quarantine as invalid; expected as unresolved.", Assert.Single(Compare([Kickoff, Lunch], Created, [new("3", "invalid")]).Differences));
        var result = Compare([Kickoff, Lunch], Created, [new("9", "invalid")]);
        Assert.Equal(["3: is not in quarantine; expected as unresolved.", "9: is in quarantine as invalid, but is not expected there."], result.Differences);
        Assert.Equal((0, 1), (result.QuarantinedMatching, result.QuarantinedUnexpected));
    }

    [Theory]
    [InlineData("invalid", "$.Project: ambiguous: project \"Website\" is one of …", "ambiguous")]
    [InlineData("unresolved", "unresolved: user …", "unresolved")]
    [InlineData("invalid", "$.Hours: is not a duration.", "invalid")]
    public void TheReasonContainsTheKindOfAFailedReference(string kind, string reason, string expected) => Assert.Equal(expected, QuarantinedRow.KindOf(kind, reason));

    [Theory]
    [InlineData("""{"data":{"messageId":"1"}}""", "1")]
    [InlineData("""{"data":{"unchanged":[{"messageId":"1"},{"messageId":"2"}]}}""", "1,2")]
    public void AnEventContainsTheSettledRows(string text, string ids) => Assert.Equal(ids.Split(','), SettledRows.OfEvent(text));

    [Fact]
    public void AnEntryOfTheQuarantineIsNamedByItsKey()
    {
        Assert.Equal(new QuarantinedRow("TE-1", "unresolved"), QuarantinedRow.Of(JsonElement.Parse("""{"id":"x","kind":"invalid","reason":"$.E-mail: unresolved: user …","record":{"Nr":"TE-1"} }"""), "Nr"));
        Assert.Equal(new QuarantinedRow("x", "unreadable"), QuarantinedRow.Of(JsonElement.Parse("""{"id":"x","kind":"unreadable","reason":"…"}"""), "Nr"));
    }

    [Fact]
    public async Task TheStateOfTheSimulatorIsReadWithNamesInsteadOfIds()
    {
        var folder = AgencyFolder.Read(Repository.Agency);
        await using var simulator = await Simulator.StartAsync(new SimulatorOptions { KeyWindows = [], Workspace = folder.Workspace }, new FakeTimeProvider(), TestContext.Current.CancellationToken);
        var (user, project) = (folder.Workspace.Users[1], folder.Workspace.Projects!.First(project => project.ClientId is not null));
        var entry = new TimeEntry("66f1a0c2b7d14e3a9c5d0e01", user.Id, DateTimeOffset.UnixEpoch)
        {
            Description = "Kick-off",
            Start = DateTimeOffset.UnixEpoch,
            End = DateTimeOffset.UnixEpoch.AddHours(1),
            ProjectId = project.Id,
            TaskId = folder.Workspace.Tasks!.First(task => task.ProjectId == project.Id).Id,
            TagIds = [folder.Workspace.Tags![1].Id, folder.Workspace.Tags[0].Id],
        };
        var state = simulator.Read(folder.Workspace.WorkspaceId, workspace =>
        {
            workspace.Add(entry, DateTimeOffset.UnixEpoch);
            workspace.Tags.Add("new", new Tag("new") { Name = "New" });
            workspace.Projects[project.Id].Tasks.Add("new", new ProjectTask("new", project.Id) { Name = "QA" });
            return WorkspaceState.Of(workspace, folder.Workspace);
        });
        Assert.Equal(new EntryLine("ben@agency.example", "Globex", "Website", "Development", "Kick-off", "1970-01-01T00:00:00Z", "1970-01-01T01:00:00Z", "On site, Urgent", false), Assert.Single(state.Entries));
        Assert.Equal(["task Globex / Website / QA", "tag New"], state.Created);
    }

    [Fact]
    public void TheSampleIsRead()
    {
        var folder = AgencyFolder.Read(Repository.Agency);
        Assert.Equal(("Nr", 198, 42, 10), (folder.KeyAttribute, folder.Expected.Entries.Count, folder.Expected.Quarantined.Count, folder.Expected.Created.Count));
        Assert.Equal("Nr", (folder with { Destination = "{}" }).KeyAttribute);
        Assert.Equal(198, folder.Expected.Entries.DistinctBy(row => row.Entry).Count());
        Assert.Equal(new QuarantinedRow("TE-0100007", "unresolved"), folder.Expected.Quarantined[0]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"entries":[{}],"quarantined":[],"created":{"tasks":[],"tags":[]}}""")]
    public void AnExpectationThatLacksAMemberIsRefused(string text) => Assert.Throws<JsonException>(() => Expectation.Parse(text));

    private static Comparison Compare(EntryLine[] entries, string[] created, QuarantinedRow[] quarantined) => Comparison.Of(Expected, new WorkspaceState(entries, created), quarantined);
}
