using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>Runs: objects that a complete run does not name vanish, subject to guards.</summary>
public sealed class MirrorTests
{
    private const string Mirror = ",\"mode\":\"mirror\"";

    [Fact]
    public async Task ObjectsThatACompleteRunDoesNotNameAreArchived()
    {
        await using var world = await LoadedAsync(Mirror, 20);
        var foreign = world.Workspace().Tags[Seed.UrgentTagId];
        world.SendRun("second", SyncWorld.Tags(0, 17));
        world.Complete("second", 17);
        await world.ChangesAsync("archived", 3);
        await world.SettledAsync();

        Assert.Equal(["Tag 17", "Tag 18", "Tag 19"], world.Tags().Values.Where(tag => tag.Archived).Select(tag => tag.Name).Order(StringComparer.Ordinal));
        Assert.False(foreign.Archived);
        Assert.Equal(RunState.Done, await world.RunAsync("second"));
        // A third run that names the objects again restores them.
        world.SendRun("third", SyncWorld.Tags(0, 20));
        world.Complete("third", 20);
        await world.ChangesAsync("restored", 3);
        Assert.DoesNotContain(world.Tags().Values, tag => tag.Archived);
    }

    [Theory]
    [InlineData("empty", 0, 0, "empty")]
    [InlineData("records are missing", 15, 20, "incomplete")]
    public async Task AnUnreliableRunArchivesNothingAndHasAReason(string run, int sent, int stated, string kind)
    {
        run = run.Replace(' ', '-');
        await using var world = await LoadedAsync(Mirror, 20);
        world.SendRun(run, SyncWorld.Tags(0, sent));
        world.Complete(run, stated);
        await world.UntilAsync("the end of the run is quarantined", () => world.Quarantine(SyncWorld.Id).Count == 1, TimeSpan.FromHours(3));
        Assert.Equal(kind, world.Quarantine(SyncWorld.Id)[0].Kind);
        Assert.Equal(0, world.Change("archived"));
        Assert.Equal(kind, (await world.RunAsync(run)).ToString().ToLowerInvariant());
    }

    [Fact]
    public async Task AnIncompleteSourceIsBlockedUntilAPersonApprovesTheExactNumber()
    {
        await using var world = await LoadedAsync(Mirror, 40);
        world.SendRun("half", [.. SyncWorld.Tags(0, 20), """{"key":"new","name":"Tag new"}"""]);
        world.Complete("half", 21);
        await world.ChangesAsync("created", 41);
        await world.SettledAsync();
        Assert.Equal((RunState.Blocked, 0), (await world.RunAsync("half"), world.Change("archived")));

        world.SendRun("half", ["""{"vanished":19}"""], "approve");
        await world.UntilAsync("the wrong number is refused", () => world.Quarantine(SyncWorld.Id).Count == 1);
        Assert.Contains("approve exactly 20", world.Quarantine(SyncWorld.Id)[0].Reason);
        Assert.Equal(0, world.Change("archived"));

        world.SendRun("half", ["""{"vanished":20}"""], "approve");
        await world.ChangesAsync("archived", 20);
        await world.SettledAsync();
        Assert.Equal((RunState.Done, 20), (await world.RunAsync("half"), world.Tags().Values.Count(tag => tag.Archived)));
    }

    [Fact]
    public async Task RecordsWithoutOrWithDuplicateKeysDoNotArchiveTheirObjects()
    {
        await using var world = await LoadedAsync(Mirror, 20);
        world.SendRun("second", [.. SyncWorld.Tags(0, 18), """{"name":"Tag 18"}""", """{"key":"k19","name":"Tag 19"}""", """{"key":"k19","name":"Tag nineteen"}"""]);
        world.Complete("second", 21);
        await world.SettledAsync();
        // The record of tag 18 has no key, so the run does not name the tag.
        Assert.Equal((RunState.Blocked, 0), (await world.RunAsync("second"), world.Change("archived")));
        Assert.Equal(2, world.Quarantine(SyncWorld.Id).Count);
        Assert.Contains(world.Quarantine(SyncWorld.Id), entry => entry.Reason.Contains("has the same key and other content", StringComparison.Ordinal));
    }

    [Fact]
    public async Task KeysOfFailedRecordsCountAsNamed()
    {
        await using var world = await LoadedAsync(Mirror, 20);
        world.SendRun("second", [.. SyncWorld.Tags(0, 19), """{"key":"k19","name":""}"""]);
        world.Complete("second", 20);
        await world.UntilAsync("one is quarantined", () => world.Quarantine(SyncWorld.Id).Count == 1);
        await world.SettledAsync();
        Assert.Equal((RunState.Done, 0), (await world.RunAsync("second"), world.Change("archived")));
    }

    [Fact]
    public async Task ARunSurvivesAKillOfItsInstance()
    {
        await using var world = await LoadedAsync(Mirror, 60);
        world.SendRun("second", SyncWorld.Tags(0, 30));
        await world.ChangesAsync("unchanged", 30);
        await world.PassAsync(TimeSpan.FromSeconds(6));
        world.App.Kill();
        world.StartInstance();
        world.SendRun("second", SyncWorld.Tags(30, 27));
        world.Complete("second", 57);
        await world.ChangesAsync("archived", 3);
        await world.SettledAsync();
        Assert.Equal(3, world.Tags().Values.Count(tag => tag.Archived));
        Assert.Equal(RunState.Done, await world.RunAsync("second"));
    }

    [Fact]
    public async Task ObjectsThatStayedArchivedLongEnoughAreDeleted()
    {
        await using var world = await LoadedAsync($"{Mirror},\"deleteAfterDays\":2", 20);
        world.SendRun("second", SyncWorld.Tags(0, 18));
        world.Complete("second", 18);
        await world.ChangesAsync("archived", 2);
        await world.SettledAsync();
        await world.PassAsync(TimeSpan.FromDays(2));
        world.SendRun("third", SyncWorld.Tags(0, 18));
        world.Complete("third", 18);
        await world.ChangesAsync("deleted", 2);
        Assert.Equal(18, world.Tags().Count);
    }

    [Fact]
    public async Task ANewLinkDoesNotVanishWithinItsGracePeriod()
    {
        await using var world = await LoadedAsync($"{Mirror},\"graceMinutes\":600", 20);
        world.SendRun("second", SyncWorld.Tags(0, 18));
        world.Complete("second", 18);
        await world.SettledAsync();
        Assert.Equal((RunState.Done, 0), (await world.RunAsync("second"), world.Change("archived")));
    }

    /// <summary>A world in which a first run has created this number of tags.</summary>
    private static async Task<TestWorld> LoadedAsync(string members, int tags)
    {
        var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags", members);
        world.SendRun("first", SyncWorld.Tags(0, tags));
        world.Complete("first", tags);
        await world.ChangesAsync("created", tags);
        await world.SettledAsync();
        Assert.Equal(RunState.Done, await world.RunAsync("first"));
        return world;
    }
}
