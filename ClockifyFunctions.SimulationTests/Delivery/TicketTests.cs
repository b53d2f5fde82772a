using System.Text;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

public sealed class TicketTests
{
    /// <summary>If the host stops during a drain, it returns the ticket although the drain succeeded.</summary>
    [Fact]
    public async Task ATicketThatIsRedeemedAgainCostsNoCallAndChangesNothing()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("5");
        world.Send("entries", records);
        await world.EventsAsync(5);
        await Drained(world);
        var calls = world.Ledger.Calls.Count;

        for (var again = 0; again < 3; again++) world.Bus.Drain.Send(new Message { Properties = new Properties { MessageId = $"again-{again}" }, BodySection = new Data { Binary = Encoding.UTF8.GetBytes("""{"credential":"default"}""") } });
        await Drained(world);

        Assert.Equal(calls, world.Ledger.Calls.Count);
        Assert.Equal(5, world.Events.Count);
        world.AssertExactlyOnce(records);
    }

    private static Task Drained(TestWorld world) => world.UntilAsync("all tickets are redeemed", () => world.Bus.Drain.Counts is { Active: 0, Locked: 0, Scheduled: 0 });
}
