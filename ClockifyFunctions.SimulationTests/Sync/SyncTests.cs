using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>Records that create, update and do not change the objects of their keys.</summary>
public sealed class SyncTests
{
    [Fact]
    public async Task RepeatedRecordsCostNoCall()
    {
        await using var world = await TestWorld.StartAsync(new() { Limits = "100/00:00:01", Simulator = new() { KeyWindows = [] } });
        await world.SyncAsync("tags");
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(0, 1000));
        await world.ChangesAsync("created", 1000);
        await world.SettledAsync();
        var calls = world.Ledger.Calls.Count;

        var started = world.Clock.GetUtcNow();
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(0, 1000).Reverse());
        await world.ChangesAsync("unchanged", 1000);
        Assert.InRange(world.Clock.GetUtcNow() - started, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(calls, world.Ledger.Calls.Count);
        Assert.Equal(1000, world.Tags().Count);
        Assert.Empty(world.Quarantine(SyncWorld.Id));
    }

    [Fact]
    public async Task AChangedRecordUpdatesItsObjectAndKeepsItsOtherMembers()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("projects");
        world.Send(SyncWorld.Id, """{"key":"p1","name":"One","note":"first","billable":true}""");
        await world.ChangesAsync("created", 1);
        var project = world.Workspace().Projects.Values.Single(one => one.Name == "One");
        await world.CallAsync(HttpMethod.Put, $"/workspaces/{Seed.WorkspaceId}/projects/{project.Id}", """{"name":"One","color":"#ff5722","billable":true,"isPublic":true,"note":"first"}""");

        world.Send(SyncWorld.Id, """{"key":"p1","name":"Uno","billable":true}""");
        await world.ChangesAsync("updated", 1);
        Assert.Equal(("Uno", "first", "#ff5722", true), (project.Name, project.Note, project.Color?.ToLowerInvariant(), project.IsPublic));
        var updated = world.Events.Single(one => one.GetProperty("data").TryGetProperty("change", out var change) && change.GetString() == "updated").GetProperty("data");
        Assert.Equal(("p1", project.Id), (updated.GetProperty("key").GetString(), updated.GetProperty("objectId").GetString()));
    }

    [Fact]
    public async Task RecordsOfOneKeyKeepTheirOrder()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        world.SendTogether(SyncWorld.Id, Enumerable.Range(1, 8).Select(number => $$"""{"key":"k","name":"version {{number}}"}"""));
        await world.ChangesAsync("updated", 7);
        Assert.Equal("version 8", world.Workspace().Tags.Values.Single(tag => tag.Name.StartsWith("version", StringComparison.Ordinal)).Name);
        Assert.Equal(1, world.Change("created"));
    }

    [Fact]
    public async Task ATombstoneArchivesAnObjectAndARecordRestoresIt()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("projects");
        world.Send(SyncWorld.Id, """{"key":"p1","name":"One"}""");
        await world.ChangesAsync("created", 1);
        var project = world.Workspace().Projects.Values.Single(one => one.Name == "One");

        world.SendRun(null, ["""{"key":"p1"}"""], "delete");
        await world.ChangesAsync("archived", 1);
        Assert.True(project.Archived);

        world.Send(SyncWorld.Id, """{"key":"p1","name":"One again"}""");
        await world.ChangesAsync("restored", 1);
        Assert.Equal((false, "One again"), (project.Archived, project.Name));
        Assert.Single(world.Workspace().Projects.Values, one => one.Name.StartsWith("One", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATombstoneDeletesAnObjectThatCannotBeArchived()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("timeEntries");
        world.Send(SyncWorld.Id, $$"""{"key":"e1","userId":"{{Seed.AdaUserId}}","start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z","description":"one"}""");
        await world.ChangesAsync("created", 1);
        world.SendRun(null, ["""{"key":"e1"}"""], "delete");
        await world.ChangesAsync("deleted", 1);
        Assert.DoesNotContain(world.Workspace().EntriesOf(Seed.AdaUserId), entry => entry.Description == "one");
        // A tombstone for a key without a link has no effect.
        world.SendRun(null, ["""{"key":"e1"}""", """{"key":"never"}"""], "delete");
        await world.ChangesAsync("unchanged", 2);
    }

    [Theory]
    [InlineData("recreate", "created", 2)]
    [InlineData("forget", "unchanged", 1)]
    [InlineData("reject", "created", 1)]
    public async Task ADeletedObjectIsTreatedAccordingToTheConfig(string gone, string change, int count)
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags", $",\"gone\":\"{gone}\"");
        world.Send(SyncWorld.Id, """{"key":"t1","name":"Tag one"}""");
        await world.ChangesAsync("created", 1);
        var tag = world.Workspace().Tags.Values.Single(one => one.Name == "Tag one");
        await world.CallAsync(HttpMethod.Delete, $"/workspaces/{Seed.WorkspaceId}/tags/{tag.Id}");

        world.Send(SyncWorld.Id, """{"key":"t1","name":"Tag uno"}""");
        await world.ChangesAsync(change, count);
        await world.SettledAsync();
        Assert.Equal(gone == "recreate" ? 1 : 0, world.Workspace().Tags.Values.Count(one => one.Name.StartsWith("Tag ", StringComparison.Ordinal)));
        if (gone == "reject") Assert.Contains("was deleted in Clockify", Assert.Single(world.Quarantine(SyncWorld.Id)).Reason);
    }

    [Fact]
    public async Task RecordsWithoutKeyAreInvalid()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        world.Send(SyncWorld.Id, """{"name":"Tag one"}""", """{"key":"","name":"Tag two"}""");
        await world.UntilAsync("both are quarantined", () => world.Quarantine(SyncWorld.Id).Count == 2);
        Assert.All(world.Quarantine(SyncWorld.Id), entry => Assert.Equal("invalid", entry.Kind));
        Assert.Empty(world.Writes());
    }

    [Fact]
    public async Task ModeInsertDoesNotUpdateAnExistingObject()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags", ",\"mode\":\"insert\"");
        world.Send(SyncWorld.Id, """{"key":"t1","name":"Tag one"}""");
        await world.ChangesAsync("created", 1);
        world.Send(SyncWorld.Id, """{"key":"t1","name":"Tag uno"}""");
        await world.ChangesAsync("unchanged", 1);
        Assert.Equal("Tag one", Assert.Single(world.Tags()).Key);
    }

    [Fact]
    public async Task AChangedConfigSendsAllRecordsAgain()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("projects", ",\"excludeAttributes\":[\"summary\"]");
        world.Send(SyncWorld.Id, """{"key":"p1","name":"One","summary":"text"}""");
        await world.ChangesAsync("created", 1);
        await world.SettledAsync();
        await world.SyncAsync("projects", ",\"mapping\":{\"note\":\"summary\"}");
        await world.PassAsync(TimeSpan.FromSeconds(10));
        world.Send(SyncWorld.Id, """{"key":"p1","name":"One","summary":"text"}""");
        await world.ChangesAsync("updated", 1);
        Assert.Equal("text", world.Workspace().Projects.Values.Single(one => one.Name == "One").Note);
    }

    [Fact]
    public async Task ADeliveredValueIsNotSentAgainForTheConfiguredDays()
    {
        await using var world = await TestWorld.StartAsync();
        await world.DestinationAsync("entries", $$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"dedupeBy":"id","excludeAttributes":["id"],"dedupeDays":2}""");
        const string Record = """{"id":"7","start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z","description":"seven"}""";
        world.Send("entries", Record);
        await world.ChangesAsync("created", 1);
        world.Send("entries", Record, Record);
        await world.ChangesAsync("unchanged", 2);
        Assert.Single(world.Ledger.CreatedTimeEntries);

        await world.PassAsync(TimeSpan.FromDays(2));
        world.Send("entries", Record);
        await world.ChangesAsync("created", 2);
        Assert.Equal(2, world.Ledger.CreatedTimeEntries.Count);
    }

    [Fact]
    public async Task AnOperationIsRefusedByADestinationWithoutSync()
    {
        await using var world = await TestWorld.StartAsync();
        world.SendRun(null, ["""{"start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z"}"""], "delete", "entries");
        await world.UntilAsync("the record is quarantined", () => world.Quarantine("entries").Count == 1);
        Assert.Empty(world.Writes());
        world.SendRun(null, ["""{"key":"a"}"""], "explode", "entries");
        await world.UntilAsync("the record is quarantined", () => world.Quarantine("entries").Count == 2);
        Assert.Contains("explode", world.Quarantine("entries").Single(entry => entry.Kind == "unreadable").Reason);
    }

    [Fact]
    public async Task StatusCountsTheChanges()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(0, 3));
        await world.ChangesAsync("created", 3);
        await world.SettledAsync();
        world.SendTogether(SyncWorld.Id, [.. SyncWorld.Tags(0, 2), """{"key":"k2","name":"Tag two"}"""]);
        await world.ChangesAsync("updated", 1);
        await world.SettledAsync();
        var backlog = await world.Observe<ClockifyFunctions.Backlog.Backlogs>().FindAsync(TestWorld.CredentialName, SyncWorld.Id, CancellationToken.None);
        Assert.Equal(new ClockifyFunctions.Backlog.ChangeCounts(3, 1, 0, 0, 2, 0, 0), backlog!.Cursor.Changes);
    }

    [Fact]
    public async Task OnTheFreePlanTwentyChangesTakeLessThanAnHour()
    {
        await using var world = await TestWorld.StartAsync(new() { Limits = "30/01:00:00" });
        await world.SyncAsync("projects");
        world.SendTogether(SyncWorld.Id, Enumerable.Range(0, 20).Select(number => $$"""{"key":"{{number}}","name":"Free {{number}}","note":"kept"}"""));
        await world.ChangesAsync("created", 20, TimeSpan.FromHours(3));
        await world.SettledAsync();
        await world.PassAsync(TimeSpan.FromHours(2));
        var (before, started) = (world.Ledger.Calls.Count, world.Clock.GetUtcNow());

        world.SendTogether(SyncWorld.Id, Enumerable.Range(0, 20).Select(number => $$"""{"key":"{{number}}","name":"Paid {{number}}"}"""));
        await world.ChangesAsync("updated", 20, TimeSpan.FromHours(3));
        Assert.InRange(world.Clock.GetUtcNow() - started, TimeSpan.Zero, TimeSpan.FromHours(1));
        Assert.InRange(world.Ledger.Calls.Skip(before).Count(call => call.Method == "GET"), 0, 10);
        Assert.Equal(20, world.Workspace().Projects.Values.Count(project => project.Name.StartsWith("Paid ", StringComparison.Ordinal) && project.Note == "kept"));
    }
}
