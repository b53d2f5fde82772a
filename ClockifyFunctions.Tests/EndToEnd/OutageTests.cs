using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>An API that takes its time, so that some calls are under way when it goes away.</summary>
public sealed class OutageTests : StackTest
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(400);

    internal override LocalStackOptions Options => new()
    {
        Simulator = new SimulatorOptions { FaultPlan = new FaultPlan(new Random(1)) { MinimumLatency = Latency, MaximumLatency = Latency } },
    };

    [Fact]
    public async Task WhileTheApiIsDownTheRecordsWaitAndSoDoThoseThatWereUnderWay()
    {
        var records = SampleRecords.Read("40");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Ledger.WhenCreatedAsync(15, Cancel);
        await Stack.Simulator!.StopListeningAsync(Cancel);
        await Eventually.TrueAsync("the drain has given up", IsStalledAsync, Patience);
        await Stack.Simulator.StartListeningAsync(Cancel);
        await Events.WhenAsync(records.Count, Patience);
        AssertExactlyOnce(records);
        Assert.Equal(0, (await GetAsync("quarantine/entries")).GetArrayLength());
    }
}
