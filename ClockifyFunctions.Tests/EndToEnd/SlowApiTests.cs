using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A key that may make any number of calls, and an API that takes its time.</summary>
public sealed class SlowApiTests : StackTest
{
    private const int MostInFlight = 50;
    private static readonly TimeSpan Latency = TimeSpan.FromSeconds(1);

    internal override LocalStackOptions Options => new()
    {
        Permits = 10_000,
        Simulator = new SimulatorOptions { FaultPlan = new FaultPlan(new Random(1)) { MinimumLatency = Latency, MaximumLatency = Latency } },
    };

    [Fact]
    public async Task OnlySoManyCallsAreInFlight()
    {
        var records = SampleRecords.Read("200");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Events.WhenAsync(records.Count, Patience);
        AssertExactlyOnce(records);
        // Whatever arrives while a call lingers is in flight together with it. A timer may be a little early, so a little less than it lingers.
        Assert.Equal(0, Ledger.WindowsAboveLimit(Seed.AdaKey, MostInFlight, Latency * 0.98));
    }
}
