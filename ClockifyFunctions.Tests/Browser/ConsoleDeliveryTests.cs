using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Browser;

/// <summary>Records in the console: queued, delivered, quarantined, synchronized, counted.</summary>
[Trait(Categories.Name, Categories.Process)]
public sealed class ConsoleDeliveryTests(ConsoleStack fixture) : ConsoleStories(fixture)
{
    [Fact]
    public async Task RecordsAreDeliveredQuarantinedAndReplayed()
    {
        await RunStoryAsync("delivery");
        Assert.Equal(["browser 1", "browser 2", "browser 3", "no zone"], Ledger.CreatedTimeEntries.Select(entry => entry.Description).Where(text => text.StartsWith("browser", StringComparison.Ordinal) || text == "no zone").Order());
    }

    [Fact]
    public async Task EveryShownNumberEqualsTheLedger()
    {
        var steps = await RunStoryAsync("numbers");
        var sent = Ledger.CallsOf(ConsoleStack.CountedKey);
        var created = Ledger.CreatedTimeEntries.Count(entry => entry.Description.StartsWith("counted", StringComparison.Ordinal));
        // The maximum number of calls in any interval of one second, according to the ledger.
        var most = sent.Max(first => sent.Count(call => call.Timestamp >= first.Timestamp && call.Timestamp < first.Timestamp + TimeProvider.System.TimestampFrequency));
        var whileSending = steps[0];
        Assert.InRange(whileSending.GetProperty("shownPeak").GetDouble(), 1, most);
        var atRest = steps[1];
        Assert.Equal((0, created, 5), (atRest.GetProperty("waiting").GetInt32(), atRest.GetProperty("delivered").GetInt32(), atRest.GetProperty("quarantined").GetInt32()));
        Assert.InRange(atRest.GetProperty("chartPeak").GetDouble(), 1, most);
        Assert.Equal(Stack.Options.Permits, atRest.GetProperty("chartLimit").GetInt32());
        Assert.Equal(5, steps[2].GetProperty("quarantined").GetInt32());
    }

    [Fact]
    public async Task RecordsArePlannedAppliedAndUnchangedAfterwards()
    {
        await RunStoryAsync("synchronize");
        Assert.Equal(["Plan A", "Plan B"], Stack.Simulator!.World.Workspace(Seed.WorkspaceId).Tags.Values.Select(tag => tag.Name).Where(name => name.StartsWith("Plan ", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task TwoHundredDestinationsAreFoundWithFewRequests() => await RunStoryAsync("many");
}
