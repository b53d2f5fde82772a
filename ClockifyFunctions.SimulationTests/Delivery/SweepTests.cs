using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>The sweep, which runs once a minute.</summary>
public sealed class SweepTests
{
    [Fact]
    public async Task TheSweepReplacesALostTicket()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("5");
        await world.PauseAsync("entries");
        world.Send("entries", records);
        await world.UntilAsync("the records wait", () => world.Waiting("entries") == 5);
        await world.UntilAsync("their tickets are redeemed", () => world.Bus.Drain.Counts is { Active: 0, Locked: 0, Scheduled: 0 });
        // Simulates a process that crashed after it activated the destination and before it sent a ticket.
        var stored = (await world.Observe<DestinationStore>().ReadAsync("entries", CancellationToken.None))!.Value;
        Assert.NotNull(await world.Observe<DestinationStore>().WriteAsync(stored.Stored with { State = DestinationState.Active }, stored.ETag, CancellationToken.None));
        await world.EventsAsync(5);
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task RecordsOfADestinationThatWasDeletedDuringIngestAreQuarantined()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("3");
        await world.PauseAsync("entries");
        world.Send("entries", records);
        await world.UntilAsync("the records wait", () => world.Waiting("entries") == 3);
        // Simulates another process that ingested the records before it knew of the deletion.
        var stored = (await world.Observe<DestinationStore>().ReadAsync("entries", CancellationToken.None))!.Value;
        Assert.True(await world.Observe<DestinationStore>().DeleteAsync("entries", stored.ETag, CancellationToken.None));
        await world.UntilAsync("they are in quarantine", () => world.Quarantine(QuarantineStore.Unrouted).Count == 3);

        // A new destination with the same id gets the replayed records and no others.
        await world.DestinationAsync("entries", $$$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{{Seed.WorkspaceId}}}"}}""");
        await world.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(world.Ledger.Calls);
        await world.DoneAsync("the entries are replayed", world.App.Get<Replayer>().ReplayAsync(QuarantineStore.Unrouted, null, null, CancellationToken.None));
        await world.EventsAsync(3);
        world.AssertExactlyOnce(records);
    }
}
