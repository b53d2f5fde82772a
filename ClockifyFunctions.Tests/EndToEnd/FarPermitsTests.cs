using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A key that may make three calls an hour.</summary>
public sealed class FarPermitsTests : StackTest
{
    internal override LocalStackOptions Options => new()
    {
        ExtraSettings = new Dictionary<string, string>
        {
            [$"Credentials__{LocalStack.Credential}__Limits"] = "10/00:00:01;3/01:00:00",
        },
    };

    [Fact]
    public async Task WherePermitsAreFarAwayTheDrainEndsAndATicketStandsForTheirTime()
    {
        var records = SampleRecords.Read("4");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Events.WhenAsync(3, Patience);
        // The fourth has to wait for an hour, and nobody waits with it.
        var tickets = Stack.Bus.Queue(LocalStack.Drain);
        await Eventually.TrueAsync("one ticket waits", () => Task.FromResult(tickets.Counts is { Scheduled: 1, Active: 0, Locked: 0 }), Patience);

        var before = tickets.LastSequenceNumber;
        await Client.SendAsync(LocalStack.Records, SampleRecords.Read("2"), "entries");
        await Eventually.TrueAsync("another has come and gone", () => Task.FromResult(tickets.LastSequenceNumber > before && tickets.Counts is { Scheduled: 1, Active: 0, Locked: 0 }), Patience);
        Assert.Equal(3, Ledger.CreatedTimeEntries.Count);
    }
}
