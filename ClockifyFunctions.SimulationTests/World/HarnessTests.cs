using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>The behavior on which all tests of this folder rely.</summary>
public sealed class HarnessTests
{
    [Fact]
    public async Task RecordsAreDeliveredOnceAtTheFullRate()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("60");
        world.Send("entries", records);
        await world.EventsAsync(60);
        world.AssertExactlyOnce(records);
        Assert.InRange(world.Ledger.Utilisation(Seed.AdaKey, 10, TimeSpan.FromSeconds(1)), 0.95, 1);
    }

    [Fact]
    public async Task AnotherInstanceDeliversTheRecordsOfAKilledInstance()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("60");
        world.Send("entries", records);
        await world.UntilAsync("25 are created", () => world.Ledger.CreatedTimeEntries.Count >= 25);
        world.App.Kill();
        var before = world.Ledger.Calls.Count;
        await world.PassAsync(TimeSpan.FromMinutes(1));
        // One call may have been sent before the kill and arrive afterwards.
        Assert.InRange(world.Ledger.Calls.Count, before, before + 1);
        world.StartInstance();
        await world.EventsAsync(60);
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task AStoppedInstanceReleasesTheGate()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("60");
        world.Send("entries", records);
        await world.UntilAsync("25 are created", () => world.Ledger.CreatedTimeEntries.Count >= 25);
        await world.DoneAsync("the instance stops", world.App.StopAsync(), TimeSpan.FromSeconds(6));
        var stoppedAt = world.Clock.GetUtcNow();
        world.StartInstance();
        var calls = world.Ledger.Calls.Count;
        await world.UntilAsync("the next instance calls", () => world.Ledger.Calls.Count > calls);
        Assert.InRange(world.Clock.GetUtcNow() - stoppedAt, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        await world.EventsAsync(60);
        world.AssertExactlyOnce(records);
    }

    [Theory]
    [InlineData(StorageFault.Hangs)]
    [InlineData(StorageFault.Refused)]
    public async Task AnOutageOfStorageDelaysTheRecordsAndLosesNone(StorageFault fault)
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("60");
        world.Send("entries", records.Take(30));
        await world.UntilAsync("25 are created", () => world.Ledger.CreatedTimeEntries.Count >= 25);
        world.Storage.Fault = fault;
        world.Send("entries", records.Skip(30));
        await world.PassAsync(TimeSpan.FromMinutes(5));
        world.Storage.Fault = StorageFault.None;
        await world.EventsAsync(60);
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task PassAsyncMovesTheClockByTenDays()
    {
        await using var world = await TestWorld.StartAsync(new() { SweepInterval = TimeSpan.FromMinutes(10) });
        var before = world.Clock.GetUtcNow();
        await world.PassAsync(TimeSpan.FromDays(10));
        Assert.InRange((world.Clock.GetUtcNow() - before).TotalDays, 10, 10.001);
    }
}
