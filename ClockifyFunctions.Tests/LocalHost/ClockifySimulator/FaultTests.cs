using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Tests.Support;
using static ClockifyFunctions.Tests.LocalHost.ClockifySimulator.SimulatorFixture;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class FaultTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task AnErrorBeforeApplyingChangesNothingAndHappensOnce(int status)
    {
        await using var it = await StartAsync();
        it.Simulator.Faults.Next(Fault.Answer(status));
        Assert.Equal(status, (await Create(it)).Status);
        Assert.Empty(it.Simulator.Ledger.CreatedTimeEntries);
        Assert.False(it.Simulator.Ledger.Calls[0].EffectApplied);
        Assert.Equal(201, (await Create(it)).Status);
    }

    [Fact]
    public async Task AnErrorAfterApplyingAppliesTheRequest()
    {
        await using var it = await StartAsync();
        it.Simulator.Faults.Next(Fault.ApplyThenAnswer(500));
        Assert.Equal(500, (await Create(it)).Status);
        var call = Assert.Single(it.Simulator.Ledger.Calls);
        Assert.Equal((500, true), (call.Status, call.EffectApplied));
        Assert.Equal(Assert.Single(it.Simulator.Ledger.CreatedTimeEntries).Id, call.CreatedId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AConnectionDropsBeforeOrAfterApplying(bool after)
    {
        await using var it = await StartAsync();
        it.Simulator.Faults.Next(after ? Fault.DropAfterApplying : Fault.DropBeforeApplying);
        await Assert.ThrowsAsync<HttpRequestException>(() => Create(it));
        var call = Assert.Single(it.Simulator.Ledger.Calls);
        Assert.Equal((0, after), (call.Status, call.EffectApplied));
        Assert.Equal(after ? 1 : 0, it.Simulator.Ledger.CreatedTimeEntries.Count);
    }

    [Fact]
    public async Task AScriptedFaultAffectsTheFirstMatchingRequest()
    {
        await using var it = await StartAsync();
        it.Simulator.Faults.Next(
            r => r.Method == "POST" && r.Path == $"/api/v1{W}/time-entries" && r.Body.Contains("second", StringComparison.Ordinal),
            Fault.Answer(503));
        await it.CreateEntryAsync("first");
        Assert.Equal(1, it.Simulator.Faults.Pending);
        Assert.Equal(503, (await it.SendAsync("POST", $"{W}/time-entries", new { description = "second" })).Status);
        Assert.Equal(0, it.Simulator.Faults.Pending);
    }

    [Fact]
    public async Task ADelayFollowsTheInjectedClock()
    {
        await using var it = await StartAsync();
        var met = new TaskCompletionSource();
        it.Simulator.Faults.Next(
            r =>
            {
                if (r.Method != "POST")
                    return false;
                met.SetResult();
                return true;
            },
            Fault.Late(TimeSpan.FromSeconds(30)));
        var late = Create(it);
        await met.Task;
        Assert.Equal(200, (await it.SendAsync("GET", "/user")).Status);
        Assert.False(late.IsCompleted);

        // The delay may start only after the predicate has run, so advance the clock until the response arrives.
        await Eventually.DoneAsync("the response arrives", late, it.Time);
        Assert.Equal(201, (await late).Status);
    }

    [Fact]
    public void TheSameSeedDrawsTheSameFaults()
    {
        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));
        Assert.Contains(Draw(7), f => f.Kind == FaultKind.DropAfterApplying);
        Assert.Contains(Draw(7), f => f.Kind == FaultKind.None);
        Assert.All(Draw(7), f => Assert.InRange(f.Delay.TotalMilliseconds, 10, 20));

        static List<Fault> Draw(int seed)
        {
            var plan = new FaultPlan(new Random(seed))
            {
                ServerError = 0.2,
                DropAfterApplying = 0.2,
                MinimumLatency = TimeSpan.FromMilliseconds(10),
                MaximumLatency = TimeSpan.FromMilliseconds(20),
            };
            return [.. Enumerable.Range(0, 50).Select(_ => plan.Draw())];
        }
    }

    [Fact]
    public void AFractionOfTheRequestsTakesMuchLonger()
    {
        var plan = new FaultPlan(new Random(1)) { MaximumLatency = TimeSpan.FromMilliseconds(10), TailShare = 0.1, TailLatency = TimeSpan.FromSeconds(5) };

        var delays = Enumerable.Range(0, 1000).Select(_ => plan.Draw().Delay).ToList();

        Assert.InRange(delays.Count(delay => delay >= TimeSpan.FromSeconds(5)), 70, 130);
        Assert.All(delays, delay => Assert.True(delay <= TimeSpan.FromMilliseconds(10) || delay >= TimeSpan.FromSeconds(5)));
    }

    private static Task<Reply> Create(SimulatorFixture it) =>
        it.SendAsync("POST", $"{W}/time-entries", new { description = "faulty" });
}
