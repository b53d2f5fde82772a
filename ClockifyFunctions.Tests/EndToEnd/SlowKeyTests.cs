using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A key that may make one call a second.</summary>
public sealed class SlowKeyTests : StackTest
{
    internal override LocalStackOptions Options => new() { Permits = 1 };

    [Fact]
    public async Task BadOnesThatUseUpAllPermitsBeforeAnotherHasItsTurnAreToldApartByLaterDrains()
    {
        const int bad = 6;
        for (var time = 0; time < 300; time++) Stack.Simulator!.Faults.Next(request => request.Body.Contains("bad", StringComparison.Ordinal), Fault.Answer(500));
        var good = SampleRecords.Read("3");
        var records = Enumerable.Range(0, bad).Select(number => $$"""{"start":"2026-11-02T09:{{number:00}}:00Z","description":"bad {{number}}"}""").Concat(good);
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', records)}]"], "entries");
        await Ledger.WhenCreatedAsync(good.Count, Cancel).WaitAsync(2 * Patience, Cancel);
        Assert.Equal((0, 0), Summary.Compare(good, Ledger.CreatedTimeEntries));
    }
}
