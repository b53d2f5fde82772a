using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>One key is used for Clockify and for another host that is down, hangs or is slow. That host delays only its own records.</summary>
public sealed class OtherHostTests
{
    [Fact]
    public async Task AHostThatIsDownDelaysOnlyItsOwnDestination()
    {
        await using var world = await TestWorld.StartAsync(new() { Settings = BatchHost.Settings });
        var host = new BatchHost(world) { IsDown = true };
        await HostedAsync(world, "bulk");
        var records = SampleRecords.Read("120");
        world.Send("entries", records);
        world.Send("bulk", Numbers(0, 2));
        await world.EventsAsync(records.Count);
        world.AssertExactlyOnce(records);
        AssertUsed(world, 0.6);
        Assert.Empty(host.Taken);

        host.IsDown = false;
        await world.EventsAsync(records.Count + 2, TimeSpan.FromHours(1));
        Assert.Equal([0, 1], host.Taken.Order());
        Assert.Empty(world.Quarantine("bulk"));
    }

    [Fact]
    public async Task AHostThatHangsDoesNotReduceTheRateOfOthers()
    {
        await using var world = await TestWorld.StartAsync(new() { Settings = BatchHost.Settings });
        _ = new BatchHost(world) { Hangs = true };
        await HostedAsync(world, "bulk");
        world.SendTogether("bulk", Numbers(0, 200));
        var records = SampleRecords.Read("200");
        world.SendTogether("entries", records);
        await world.EventsAsync(records.Count);
        world.AssertExactlyOnce(records);
        // Calls without a response may arrive late, so the pacer waits for them once, for ten seconds.
        AssertUsed(world, 0.5);
    }

    [Fact]
    public async Task AHostThatHangsDoesNotBlockLaterRecords()
    {
        await using var world = await TestWorld.StartAsync(new() { Settings = BatchHost.Settings });
        var host = new BatchHost(world) { Hangs = true };
        await HostedAsync(world, "bulk");
        world.SendTogether("bulk", Numbers(0, 200));
        // The maximum number of calls in flight of one destination.
        await world.UntilAsync("the host has many calls", () => host.Requests.Count >= 40);
        var records = SampleRecords.Read("5");
        world.SendTogether("entries", records);
        // Before the first call times out.
        await world.EventsAsync(records.Count, TimeSpan.FromSeconds(20));
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task RecordsForASlowHostDoNotDelayOtherDestinations()
    {
        const int slots = 40;
        await using var world = await StartFastAsync();
        var host = SlowHost(world, slots);
        await HostedAsync(world, "slow");
        world.SendTogether("slow", Numbers(0, 300));
        await world.UntilAsync("the host has as many calls as it gets", () => host.Requests.Count > slots + 5);
        var records = SampleRecords.Read("5");
        world.SendTogether("entries", records);
        await world.UntilAsync("the other destination is served", () => world.Ledger.CreatedTimeEntries.Count == records.Count, TimeSpan.FromSeconds(12));
        Assert.True(host.Requests.Count < 200, "The slow host had already received 200 of 300 calls.");
    }

    [Fact]
    public async Task CallsOfTwoDestinationsToOneObjectKeepTheirOrder()
    {
        const int slots = 40, first = 100, second = 1100;
        await using var world = await StartFastAsync();
        var host = SlowHost(world, slots);
        await HostedAsync(world, "slow");
        await HostedAsync(world, "other");
        world.SendTogether("slow", Numbers(0, first + 1));
        await world.UntilAsync("the host has as many calls as it gets", () => host.Requests.Count >= slots);
        world.SendTogether("other", Numbers(second, 1));
        await world.UntilAsync("both were sent", () => Sent(first) && Sent(second));
        // The second call is not sent before the first one is answered.
        Assert.Contains(first, host.Taken);
        Assert.Equal([first, second], host.Requests.Select(numbers => numbers[0]).Where(n => n is first or second));

        bool Sent(int number) => host.Requests.Any(numbers => numbers[0] == number);
    }

    private static Task<TestWorld> StartFastAsync() => TestWorld.StartAsync(new() { Settings = BatchHost.Settings, Limits = "50/00:00:01", Simulator = new() { KeyWindows = [RateWindow.PerSecond(50)] } });

    /// <summary>A host that answers after eight seconds, so it handles five calls per second when all its calls are in flight.</summary>
    private static BatchHost SlowHost(TestWorld world, int slots) => new(world) { Latency = n => TimeSpan.FromSeconds(n < slots ? 0.2 * (n + 1) : 8) };

    private static Task HostedAsync(TestWorld world, string id) =>
        world.DestinationAsync(id, $$"""{"credential":"default","method":"PUT","url":"https://{{BatchHost.Authority}}/items/{record.object}","batching":{"size":1} }""");

    /// <summary>Records for a thousand objects.</summary>
    private static IEnumerable<string> Numbers(int first, int count) => Enumerable.Range(first, count).Select(n => $$"""{"n":{{n}},"object":{{n % 1000}}}""");

    private static void AssertUsed(TestWorld world, double share) => Assert.InRange(world.Ledger.Utilisation(Seed.AdaKey, 10, TimeSpan.FromSeconds(1)), share, 1);
}
