using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Sending;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>Rate limits of a credential over seconds and hours, and the number of concurrent calls.</summary>
public sealed class LimitTests
{
    private const string Hourly = "10/00:00:01;30/01:00:00";

    [Fact]
    public async Task FourInstancesShareOneCredentialWithoutExceedingItsLimit()
    {
        await using var world = await TestWorld.StartAsync(new() { Instances = 4 });
        var records = SampleRecords.Read("120");
        foreach (var part in records.Chunk(30))
        {
            world.Send("entries", part);
            await world.PassAsync(TimeSpan.FromSeconds(2));
        }

        await world.EventsAsync(120);
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task AThrottledCallPausesTheCredentialAndDoesNotCountAsATry()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("8");
        world.Faults.Next(Fault.TooManyRequests);
        world.Send("entries", records);
        await world.EventsAsync(8);
        Assert.Equal((0, 0), Summary.Compare(records, world.Ledger.CreatedTimeEntries));
        Assert.All(world.Events, response => Assert.Equal(1, response.GetProperty("data").GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task TheNumberOfCallsInFlightIsLimited()
    {
        const int mostInFlight = 50;
        var latency = TimeSpan.FromSeconds(1);
        await using var world = await TestWorld.StartAsync(new()
        {
            Limits = "10000/00:00:01",
            Simulator = new() { KeyWindows = [RateWindow.PerSecond(10_000)], FaultPlan = new FaultPlan(new Random(1)) { MinimumLatency = latency, MaximumLatency = latency } },
        });
        var records = SampleRecords.Read("200");
        world.Send("entries", records);
        await world.EventsAsync(records.Count);
        world.AssertExactlyOnce(records);
        // Each call is in flight for longer than this time, so all calls that arrive within it are in flight together.
        Assert.Equal(0, world.Ledger.WindowsAboveLimit(Seed.AdaKey, mostInFlight, latency));
    }

    [Fact]
    public async Task ADrainThatWaitsForAPermitEndsInTimeAndSchedulesATicket()
    {
        await using var world = await TestWorld.StartAsync(new() { Limits = "10/00:00:01;3/00:01:00", Settings = new Dictionary<string, string> { ["Drain__TimeBudget"] = "00:00:05" }, SweepInterval = Timeout.InfiniteTimeSpan });
        var records = SampleRecords.Read("4");
        world.Send("entries", records);
        await world.EventsAsync(3);
        // The fourth record waits for a minute. Each drain waits at most for its time budget.
        var tickets = world.Bus.Drain.LastSequenceNumber;
        await world.UntilAsync("a drain has ended and left a ticket", () => world.Bus.Drain.LastSequenceNumber > tickets, TimeSpan.FromSeconds(15));
        Assert.Equal(3, world.Ledger.CreatedTimeEntries.Count);
        await world.EventsAsync(4);
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ACredentialWithoutPermitsForTheHourRunsNoDrainUntilTheNextPermit()
    {
        await using var world = await TestWorld.StartAsync(new() { Limits = Hourly });
        var records = SampleRecords.Read("40");
        world.Send("entries", records.Take(35));
        await world.EventsAsync(30);
        await world.UntilAsync("no drain runs", () => world.Bus.Drain.Counts is { Active: 0, Locked: 0, Scheduled: > 0 });

        // More records and a test send do not change this.
        var tickets = world.Bus.Drain.LastSequenceNumber;
        world.Send("entries", records.Skip(35));
        await world.UntilAsync("all records wait", () => world.Waiting("entries") == 10);
        await AssertTheKeyCheckIsRefusedForTheHourAsync(world);
        Assert.Equal(tickets, world.Bus.Drain.LastSequenceNumber);
        Assert.Equal(30, world.Ledger.CreatedTimeEntries.Count);

        await world.EventsAsync(40, TimeSpan.FromHours(1.1));
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ATestSendThatRunsOutOfPermitsReportsIt()
    {
        await using var world = await TestWorld.StartAsync(new() { Limits = Hourly });
        world.Send("entries", SampleRecords.Read("29"));
        await world.EventsAsync(29);
        await AssertTheKeyCheckIsRefusedForTheHourAsync(world);
        Assert.Equal(1, world.Ledger.Count(call => call.Path.EndsWith("/user", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ARecordWithSeveralCallsIsDeliveredAlthoughTheNextOneLacksPermits()
    {
        await using var world = await TestWorld.StartAsync(new() { Limits = Hourly });
        world.Send("entries", SampleRecords.Read("25"));
        await world.EventsAsync(25);
        // Each record needs three calls (read, archive, delete), and five calls are left.
        await world.DestinationAsync("deletes", $$"""{"credential":"default","endpoint":"deleteProject","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"archiveFirst":true}""");
        world.SendTogether("deletes", $$"""{"id":"{{Seed.WebsiteProjectId}}"}""", $$"""{"id":"{{Seed.BridgeProjectId}}"}""");
        await world.EventsAsync(26);
        await world.EventsAsync(27, TimeSpan.FromHours(2));
        Assert.All(world.Events, one => Assert.Equal("clockify.call.delivered", one.GetProperty("type").GetString()));
        world.AssertLimitsKept();
    }

    private static async Task AssertTheKeyCheckIsRefusedForTheHourAsync(TestWorld world)
    {
        var refused = await Assert.ThrowsAsync<InteractiveCalls.ExhaustedException>(() => world.DoneAsync("the key is checked", world.App.Get<InteractiveCalls>().CheckAsync(world.Credential, CancellationToken.None)));
        Assert.InRange(refused.For, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
    }
}
