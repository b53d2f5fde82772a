using System.Net;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>Several records in one request, to a host that accepts all of them or none.</summary>
public sealed class BatchingTests
{
    [Fact]
    public async Task ARefusedBatchIsSplitUntilTheRefusedRecordsAreAlone()
    {
        await using var world = await StartAsync();
        var host = new BatchHost(world, 5, 13);
        await world.DestinationAsync("bulk", Config(size: 8), active: false);
        world.SendTogether("bulk", Numbers(0, 20));
        await world.UntilAsync("the records wait", () => world.Waiting("bulk") == 20);
        await world.ActivateAsync("bulk");
        await world.EventsAsync(20);

        Assert.Equal(Enumerable.Range(0, 20).Except([5, 13]), host.Taken.Order());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], host.Requests.First(request => request.Contains(0)));
        Assert.Contains(host.Requests, request => request is [5]);
        Assert.Contains(host.Requests, request => request is [13]);
        Assert.Equal([5, 13], world.Quarantine("bulk").Select(entry => entry.Record!.Value.GetProperty("n").GetInt32()).Order());
        Assert.All(world.Quarantine("bulk"), entry => Assert.Equal("rejected", entry.Kind));
    }

    [Fact]
    public async Task ABatchWithoutPermissionIsSplitToo()
    {
        await using var world = await StartAsync();
        var host = new BatchHost(world, 31) { RefusesWith = HttpStatusCode.Forbidden };
        await world.DestinationAsync("bulk", Config(size: 4));
        world.SendTogether("bulk", Numbers(30, 4));
        await world.EventsAsync(4);
        Assert.Equal([30, 32, 33], host.Taken.Order());
        Assert.Equal(31, Assert.Single(world.Quarantine("bulk")).Record!.Value.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task ABatchThatMayHaveTakenEffectIsNotSplit()
    {
        await using var world = await StartAsync();
        var host = new BatchHost(world) { Slow = 2 };
        await world.DestinationAsync("bulk", Config(size: 4));
        world.SendTogether("bulk", Numbers(0, 4));
        await world.EventsAsync(4);
        Assert.Equal([0, 1, 2, 3], Assert.Single(host.Requests));
        Assert.All(world.Events, one => Assert.Equal("clockify.call.unknown", one.GetProperty("type").GetString()));
        Assert.All(world.Quarantine("bulk"), entry => Assert.Contains("look in Clockify", entry.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3, 3600)] // The batch is full before its maximum wait has passed.
    [InlineData(100, 4)] // The maximum wait passes before the batch is full.
    public async Task AnIncompleteBatchWaitsUntilItIsFullOrItsWaitHasPassed(int size, int maxAgeSeconds)
    {
        await using var world = await StartAsync();
        var host = new BatchHost(world);
        await world.DestinationAsync("bulk", Config(size, $""","maxAgeSeconds":{maxAgeSeconds}"""));
        world.Send("bulk", Numbers(0, 2));
        await world.UntilAsync("a ticket is scheduled for the end of the maximum wait", () => world.Bus.Drain.Counts.Scheduled > 0);
        Assert.Empty(host.Requests);

        world.Send("bulk", Numbers(2, 1));
        await world.EventsAsync(3);
        Assert.Equal([0, 1, 2], Assert.Single(host.Requests).Order());
    }

    [Fact]
    public async Task TheOutcomeOfABatchIsKnownAfterAKillDuringAnOutageOfTheBroker()
    {
        await using var world = await StartAsync();
        var host = new BatchHost(world) { Answering = () => world.Bus.IsUnavailable = true };
        await world.DestinationAsync("bulk", Config(size: 8));
        world.SendTogether("bulk", Numbers(20, 8));
        await world.UntilAsync("the batch is taken", () => host.Taken.Count == 8);
        // Enough time to write the outcome, but not to stop waiting for the broker.
        await world.PassAsync(TimeSpan.FromSeconds(6));
        Assert.Empty(world.Events);
        world.App.Kill();
        world.Bus.IsUnavailable = false;
        world.StartInstance();
        await world.EventsAsync(8);
        Assert.Single(host.Requests);
        Assert.All(world.Events, one => Assert.Equal("clockify.call.delivered", one.GetProperty("type").GetString()));
        Assert.Empty(world.Quarantine("bulk"));
    }

    private static Task<TestWorld> StartAsync() => TestWorld.StartAsync(new() { Settings = BatchHost.Settings });

    private static string Config(int size, string more = "") => $$"""{"credential":"default","method":"POST","url":"https://{{BatchHost.Authority}}/items","batching":{"size":{{size}}{{more}}} }""";

    private static IEnumerable<string> Numbers(int first, int count) => Enumerable.Range(first, count).Select(n => $$"""{"n":{{n}}}""");
}
