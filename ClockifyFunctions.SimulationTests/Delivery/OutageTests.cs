using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>Outages of the API, storage or the broker: records wait, and none is lost, duplicated or quarantined.</summary>
public sealed class OutageTests
{
    /// <summary>Some calls are in flight when the outage of the API begins.</summary>
    [Fact]
    public async Task WhileTheApiIsDownWaitingRecordsAndCallsInFlightAreKept()
    {
        var latency = TimeSpan.FromMilliseconds(400);
        await using var world = await TestWorld.StartAsync(new() { Simulator = new() { FaultPlan = new FaultPlan(new Random(1)) { MinimumLatency = latency, MaximumLatency = latency } } });
        var records = SampleRecords.Read("40");
        world.Send("entries", records);
        await world.UntilAsync("15 are created", () => world.Ledger.CreatedTimeEntries.Count >= 15);
        world.Api.IsDown = true;
        await world.PassAsync(TimeSpan.FromMinutes(3));
        world.Api.IsDown = false;
        await world.EventsAsync(records.Count, TimeSpan.FromHours(1));
        world.AssertExactlyOnce(records);
        Assert.Empty(world.Quarantine("entries"));
    }

    [Fact]
    public async Task AnOutageOfTheBrokerLosesNoEvent()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("60");
        world.Send("entries", records);
        await world.UntilAsync("15 are created", () => world.Ledger.CreatedTimeEntries.Count >= 15);
        world.Bus.IsUnavailable = true;
        await world.PassAsync(TimeSpan.FromMinutes(1));
        world.Bus.IsUnavailable = false;
        await world.EventsAsync(records.Count);
        world.AssertExactlyOnce(records);
    }

    [Theory]
    [InlineData("PUT appendblock backlog/")]
    [InlineData("PUT appendblock journal/")]
    [InlineData("PUT metadata backlog/")]
    [InlineData("PUT metadata gates/")]
    [InlineData("PUT lease gates/")]
    public async Task ALostAnswerOfStorageRepeatsNoRecord(string request)
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("60");
        for (var lost = 0; lost < 3; lost++) world.Storage.Next(text => text.StartsWith(request, StringComparison.Ordinal), StorageFault.LostAnswer);
        world.Send("entries", records);
        await world.EventsAsync(records.Count);
        await world.UntilAsync("each answer was lost", () => world.Storage.Pending == 0);
        world.AssertExactlyOnce(records);
    }
}
