using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>A person replays or discards quarantined records.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task ReplayedRecordsAreDeliveredOnceAfterTheCauseIsRemoved()
    {
        await using var world = await TestWorld.StartAsync();
        // Without a time zone Clockify would refuse the records. The third record stays invalid.
        world.Send("entries", """{"start":"2026-11-02T10:00:00","end":"2026-11-02T23:59:00","description":"a"}""", """{"start":"2026-11-02T11:00:00","end":"2026-11-02T23:59:00","description":"b"}""", """{"start":"yesterday","description":"c"}""");
        await world.UntilAsync("all are in quarantine", () => world.Quarantine("entries").Count == 3);
        await DestinationAsync(world, "entries", ""","timeZone":"Europe/Berlin" """);
        await world.PassAsync(DestinationStore.CacheFor);

        var a = world.Quarantine("entries").Single(entry => entry.Record!.Value.GetProperty("description").GetString() == "a").Id;
        var change = await ReplayAsync(world, "entries", a, "no-such-id");
        Assert.Equal((1, 1), (change.Count, change.Problems.Count));
        Assert.Equal((2, 0), Counts(await ReplayAsync(world, "entries")));
        await world.EventsAsync(2);
        await world.UntilAsync("one is quarantined again", () => world.Quarantine("entries").Count == 1);

        Assert.Equal(["a", "b"], world.Ledger.CreatedTimeEntries.Select(entry => entry.Description).Order());
        Assert.All(world.Events, one => Assert.EndsWith("~1", one.GetProperty("id").GetString()));
        var back = world.Quarantine("entries")[0];
        Assert.Equal(1, back.Replay);
        Assert.Equal("invalid", Assert.Single(back.History!).Kind);

        Assert.Equal((1, 0), Counts(await world.DoneAsync("the entry is discarded", world.App.Get<Replayer>().DiscardAsync("entries", null, CancellationToken.None))));
        Assert.Empty(world.Quarantine("entries"));
    }

    [Fact]
    public async Task AMessageWithoutAKnownDestinationIsReplayedToAnExistingOne()
    {
        await using var world = await TestWorld.StartAsync();
        world.Send("later", """[{"start":"2026-11-02T10:00:00Z","end":"2026-11-02T23:59:00Z"},{"start":"2026-11-02T11:00:00Z","end":"2026-11-02T23:59:00Z"}]""", "{ not JSON");
        await world.UntilAsync("both are in quarantine", () => world.Quarantine(QuarantineStore.Unrouted).Count == 2);
        Assert.Equal((0, 2), Counts(await ReplayAsync(world, QuarantineStore.Unrouted)));

        await DestinationAsync(world, "later");
        Assert.Equal((1, 1), Counts(await ReplayAsync(world, QuarantineStore.Unrouted)));
        await world.EventsAsync(2);
        Assert.Equal(2, world.Ledger.CreatedTimeEntries.Count);
        Assert.Single(world.Quarantine(QuarantineStore.Unrouted));
    }

    private static (int Count, int Problems) Counts(QuarantineChange change) => (change.Count, change.Problems.Count);

    /// <summary>Replays all entries, or those with the given ids.</summary>
    private static Task<QuarantineChange> ReplayAsync(TestWorld world, string from, params string[] ids) =>
        world.DoneAsync("the entries are replayed", world.App.Get<Replayer>().ReplayAsync(from, ids is [] ? null : ids, null, CancellationToken.None));

    private static Task DestinationAsync(TestWorld world, string id, string more = "") =>
        world.DestinationAsync(id, $$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"}{{more}}}""");
}
