using System.Net;
using System.Text;
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
        using var check = new StringContent("", Encoding.UTF8, "application/json");
        using var answer = await Stack.Api.PostAsync($"credentials/{LocalStack.Credential}/check", check, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("The next call may be made in 60 min", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(sent, tickets.LastSequenceNumber);
        Assert.Equal(3, Ledger.CreatedTimeEntries.Count);
    }
}
