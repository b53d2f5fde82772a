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

    [Fact]
    public async Task CreatesThatReadingBackCouldNotTellApartGoOneAfterTheOther()
    {
        var twin = """{"start":"2026-11-02T09:00:00Z","description":"stand-up"}""";
        string[] records = [twin, """{"start":"2026-11-02T09:00:00Z","description":"review"}""", twin];
        foreach (var record in records) await Client.SendAsync(LocalStack.Records, [record], "entries");
        await Events.WhenAsync(records.Length, Patience);
        Assert.Equal(2, Ledger.CreatedTimeEntries.Count(entry => entry.Description == "stand-up"));
        // The last call leaves when its twin, the first one, is answered.
        var calls = Ledger.CallsOf(Seed.AdaKey).Where(call => call.Method == "POST").ToArray();
        var apart = (calls[^1].Timestamp - calls[0].Timestamp) / (double)TimeProvider.System.TimestampFrequency;
        Assert.True(apart >= Latency.TotalSeconds * 0.98, $"{apart} s");
    }
}
