using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Destinations;

/// <summary>A person waits for one call while a drain holds the gate of the key. No sweep runs.</summary>
public sealed class TestSendTests
{
    /// <summary>Maximum time that a person waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task ATestSendGetsItsPermitOnABusyKeyAndTheDrainContinues()
    {
        await using var world = await StartAsync();
        var records = SampleRecords.Read("120");
        world.Send("entries", records);
        await world.UntilAsync("15 are created", () => world.Ledger.CreatedTimeEntries.Count >= 15);
        foreach (var instance in world.Instances)
        {
            var check = await world.DoneAsync("the key is checked", instance.Get<InteractiveCalls>().CheckAsync(world.Credential, CancellationToken.None), Patience);
            Assert.True(check.Ok, check.Message);
            var user = new RenderedRequest(HttpMethod.Get, new Uri($"{world.Credential.BaseUrl.AbsoluteUri.TrimEnd('/')}/user"), default) { Answer = AnswerShape.Entity };
            var sent = await world.DoneAsync("the request is sent", instance.Get<InteractiveCalls>().SendAsync(world.Credential, null, user, CancellationToken.None), Patience);
            Assert.Equal(200, sent.Result.Status);
            Assert.InRange(sent.Waited, TimeSpan.FromTicks(1), Patience);
        }

        await world.EventsAsync(120);
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ADrainWithAThrottledKeyReleasesTheGateForATestSend()
    {
        await using var world = await StartAsync(new() { RetryAfterOn429 = TimeSpan.FromSeconds(14) });
        var records = SampleRecords.Read("1");
        world.Faults.Next(Fault.TooManyRequests);
        world.Send("entries", records);
        await world.UntilAsync("the key pauses", () => world.Ledger.Responses429 > 0);
        var entry = await world.DoneAsync("the gate is entered", world.Instances[1].Get<GateKeeper>().EnterAheadAsync(world.Credential, CancellationToken.None), Patience);
        await world.DoneAsync("the gate is left", Assert.IsType<GateEntry.Entered>(entry).Gate.DisposeAsync().AsTask());

        await world.EventsAsync(1);
        Assert.Equal((0, 0), Summary.Compare(records, world.Ledger.CreatedTimeEntries));
        Assert.Equal(1, world.Ledger.Responses429);
    }

    [Fact]
    public async Task RecordsThatArriveDuringATestSendAreSentAfterIt()
    {
        await using var world = await StartAsync();
        var records = SampleRecords.Read("3");
        world.Faults.Next(request => request.Method == "GET", Fault.Late(TimeSpan.FromSeconds(3)));
        var check = world.App.Get<InteractiveCalls>().CheckAsync(world.Credential, CancellationToken.None);
        await world.UntilAsync("the call is under way", () => world.Faults.Pending == 0);
        world.Send("entries", records);
        Assert.True((await world.DoneAsync("the key is checked", check)).Ok);
        await world.EventsAsync(3);
        world.AssertExactlyOnce(records);
    }

    private static Task<TestWorld> StartAsync(SimulatorOptions? simulator = null) => TestWorld.StartAsync(new() { Instances = 2, SweepInterval = Timeout.InfiniteTimeSpan, Simulator = simulator ?? new() });
}
