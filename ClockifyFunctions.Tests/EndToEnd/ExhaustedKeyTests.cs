using System.Net;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A key that may make three calls an hour.</summary>
public sealed class ExhaustedKeyTests : StackTest
{
    internal override LocalStackOptions Options => new()
    {
        ExtraSettings = new Dictionary<string, string> { [$"Credentials__{LocalStack.Credential}__Limits"] = "10/00:00:01;3/01:00:00" },
    };

    [Fact]
    public async Task AKeyThatHasUsedUpItsLimitTakesNoPlaceUntilItMaySendAgain()
    {
        await Client.SendAsync(LocalStack.Records, SampleRecords.Read("5"), "entries");
        await Events.WhenAsync(3, Patience);
        var tickets = Stack.Bus.Queue(LocalStack.Drain);
        await Eventually.TrueAsync("no drain runs", () => Task.FromResult(tickets.Counts is { Active: 0, Locked: 0, Scheduled: 1 }), Patience);

        // More records, and a person who tests, change nothing of that.
        var sent = tickets.LastSequenceNumber;
        await Client.SendAsync(LocalStack.Records, SampleRecords.Read("2"), "entries");
        await Eventually.TrueAsync("all wait", async () => (await GetAsync("destinations/entries/status")).GetProperty("waiting").GetProperty("records").GetInt64() == 4, Patience);
        await AssertNoTurnForTheNextHourAsync();
        Assert.Equal(sent, tickets.LastSequenceNumber);
        Assert.Equal(3, Ledger.CreatedTimeEntries.Count);
    }

    [Fact]
    public async Task ATestThatRunsOutOfPermitsInTheMiddleSaysSo()
    {
        await Client.SendAsync(LocalStack.Records, SampleRecords.Read("2"), "entries");
        await Events.WhenAsync(2, Patience);
        await AssertNoTurnForTheNextHourAsync();
        Assert.Equal(1, Ledger.Count(call => call.Path.EndsWith("/user", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ARecordThatHasBegunMakesAllItsCallsThoughTheNextOneFindsNoneLeft()
    {
        // It reads, archives and deletes, and is not done when the next one's patience ends.
        var latency = TimeSpan.FromMilliseconds(1200);
        Stack.Simulator!.Faults.Follow(new FaultPlan(new Random(1)) { MinimumLatency = latency, MaximumLatency = latency });
        await ActivateAsync("deletes", $$"""{"credential":"default","endpoint":"deleteProject","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"archiveFirst":true}""");
        await Client.SendAsync(LocalStack.Records, [$$"""[{"id":"{{Seed.WebsiteProjectId}}"},{"id":"{{Seed.BridgeProjectId}}"}]"""], "deletes");
        await Events.WhenAsync(1, Patience);
        Assert.Equal(["GET", "PUT", "DELETE"], Ledger.Calls.Select(call => call.Method));
    }

    private async Task AssertNoTurnForTheNextHourAsync()
    {
        using var answer = await Stack.Api.PostAsync($"credentials/{LocalStack.Credential}/check", null, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("The next call may be made in 60 min", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }
}
