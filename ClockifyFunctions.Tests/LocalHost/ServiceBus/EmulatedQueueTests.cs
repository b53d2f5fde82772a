using Amqp;
using ClockifyFunctions.LocalHost.ServiceBus;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.LocalHost.ServiceBus;

public class EmulatedQueueTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly EmulatedQueue _queue;

    public EmulatedQueueTests() => _queue = new EmulatedQueue(new QueueOptions("q", TimeSpan.FromSeconds(30), MaxDeliveryCount: 2), _time);

    [Fact]
    public void AnAbandonedMessageComesBackAtItsPlaceAndIsDeadLetteredAfterItsLastDelivery()
    {
        _queue.Enqueue(new Message());
        _queue.Enqueue(new Message());
        var first = _queue.TryReceive(delete: false)!;
        Assert.True(_queue.Abandon(first.LockToken!.Value));
        var again = _queue.TryReceive(delete: false)!;
        Assert.Equal((1L, 2), (again.SequenceNumber, again.DeliveryCount));
        Assert.True(_queue.Abandon(again.LockToken!.Value));
        Assert.Equal("MaxDeliveryCountExceeded", _queue.DeadLetters!.TryReceive(delete: true)!.DeadLetterReason);
        Assert.Equal(2, _queue.TryReceive(delete: true)!.SequenceNumber);
    }

    [Fact]
    public void ALockThatEndsGivesTheMessageBackAndOneThatIsRenewedDoesNot()
    {
        _queue.Enqueue(new Message());
        var token = _queue.TryReceive(delete: false)!.LockToken!.Value;
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.NotNull(_queue.Renew(token));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(_queue.TryReceive(delete: false));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(2, _queue.TryReceive(delete: false)!.DeliveryCount);
        Assert.False(_queue.Complete(token));
    }

    [Fact]
    public void AScheduledMessageIsNotHandedOutBeforeItsTime()
    {
        _queue.Enqueue(new Message(), notBefore: _time.GetUtcNow().AddSeconds(10));
        Assert.Null(_queue.TryReceive(delete: true));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(_queue.TryReceive(delete: true));
    }
}
