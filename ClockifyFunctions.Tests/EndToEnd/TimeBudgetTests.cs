using ClockifyFunctions.Configuration;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A key that may make three calls a minute, and drains that have five seconds.</summary>
public sealed class TimeBudgetTests : StackTest
{
    internal override LocalStackOptions Options => new()
    {
        ExtraSettings = new Dictionary<string, string>
        {
            [$"Credentials__{LocalStack.Credential}__Limits"] = "10/00:00:01;3/00:01:00",
            ["Drain__TimeBudget"] = "00:00:05",
        },
    };

    [Fact]
    public async Task ADrainThatWaitsForAPermitEndsInTimeAndLeavesATicket()
    {
        var records = SampleRecords.Read("4");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Events.WhenAsync(3, Patience);
        // The fourth has to wait for a minute. Each drain waits for five seconds of it, and no invocation outlasts its time.
        var tickets = Stack.Bus.Queue(LocalStack.Drain);
        var first = tickets.LastSequenceNumber;
        await Eventually.TrueAsync("two drains have ended", () => Task.FromResult(tickets.LastSequenceNumber >= first + 2), Patience);
        Assert.Equal(3, Ledger.CreatedTimeEntries.Count);
    }
}
