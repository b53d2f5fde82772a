using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.ServiceBus;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.LocalHost.ServiceBus;

public sealed class EmulatedQueueTests : IDisposable
{
    private static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly EmulatedQueue _queue;

    public EmulatedQueueTests() => _queue = new(new("orders", LockDuration, MaxDeliveryCount: 3), _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void MessagesAreNumberedFromOneAndReceivedInOrder()
    {
        Assert.Equal([1, 2], _queue.Send([new Message("a"), new Message("b")]));
        Assert.Equal(3, _queue.Send(new Message("c")));

        Assert.Equal(["a", "b", "c"], [Lock().Content.Body, Lock().Content.Body, Lock().Content.Body]);
        Assert.Null(_queue.TryReceive(ReceiveMode.PeekLock));
    }

    [Fact]
    public void AMessageWithoutAnIdGetsOneAndAMessageWithAnIdKeepsIt()
    {
        _queue.Send([new Message("a"), new Message("b") { Properties = new() { MessageId = "mine" } }]);

        Assert.NotEmpty(Lock().Content.Properties.MessageId);
        Assert.Equal("mine", Lock().Content.Properties.MessageId);
    }

    [Fact]
    public void AReceivedMessageIsLockedForTheLockDuration()
    {
        _queue.Send(new Message("a"));
        var enqueued = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));

        var message = Lock();

        Assert.NotEqual(Guid.Empty, message.LockToken);
        Assert.Equal(enqueued, message.EnqueuedTime);
        Assert.Equal(_time.GetUtcNow() + LockDuration, message.LockedUntil);
        Assert.Equal(1, message.DeliveryCount);
        Assert.Equal(new QueueCounts(Active: 0, Locked: 1, Scheduled: 0, DeadLettered: 0), _queue.Counts);
    }

    [Fact]
    public void ReceiveAndDeleteRemovesTheMessage()
    {
        _queue.Send(new Message("a"));

        Assert.Equal(Guid.Empty, _queue.TryReceive(ReceiveMode.ReceiveAndDelete)!.LockToken);

        Assert.Equal(new QueueCounts(0, 0, 0, 0), _queue.Counts);
    }

    [Fact]
    public void ACompletedMessageIsRemovedAndCannotBeSettledAgain()
    {
        _queue.Send(new Message("a"));
        var token = Lock().LockToken;

        Assert.True(_queue.Complete(token));

        Assert.False(_queue.Complete(token));
        Assert.False(_queue.Abandon(token));
        Assert.Null(_queue.RenewLock(token));
        _time.Advance(LockDuration);
        Assert.Equal(new QueueCounts(0, 0, 0, 0), _queue.Counts);
    }

    [Fact]
    public void AnAbandonedMessageReturnsToItsPositionAndTheDeliveryCounts()
    {
        _queue.Send([new Message("a"), new Message("b")]);

        _queue.Abandon(Lock().LockToken);

        var again = Lock();
        Assert.Equal("a", again.Content.Body);
        Assert.Equal(2, again.DeliveryCount);
    }

    [Fact]
    public void AReleasedMessageReturnsAndTheDeliveryDoesNotCount()
    {
        _queue.Send(new Message("a"));

        _queue.Release(Lock().LockToken);

        Assert.Equal(1, Lock().DeliveryCount);
    }

    [Fact]
    public void AMessageWhoseLockExpiresIsDeliveredAgainUnderANewLock()
    {
        _queue.Send(new Message("a"));
        var first = Lock();
        _time.Advance(LockDuration - TimeSpan.FromTicks(1));
        Assert.Null(_queue.TryReceive(ReceiveMode.PeekLock));
        _time.Advance(TimeSpan.FromTicks(1));

        var second = Lock();

        Assert.Equal(2, second.DeliveryCount);
        Assert.False(_queue.Complete(first.LockToken));
        Assert.True(_queue.Complete(second.LockToken));
    }

    [Fact]
    public void ARenewedLockLastsFromTheRenewal()
    {
        _queue.Send(new Message("a"));
        var token = Lock().LockToken;
        _time.Advance(LockDuration / 2);

        Assert.Equal(_time.GetUtcNow() + LockDuration, _queue.RenewLock(token));

        _time.Advance(LockDuration / 2);
        Assert.Equal(1, _queue.Counts.Locked);
        _time.Advance(LockDuration / 2);
        Assert.Equal(1, _queue.Counts.Active);
    }

    [Fact]
    public void ADeadLetteredMessageMovesWithItsReason()
    {
        _queue.Send(new Message("a"));

        Assert.True(_queue.DeadLetter(Lock().LockToken, "Because", "It is bad."));

        Assert.Equal(new QueueCounts(0, 0, 0, DeadLettered: 1), _queue.Counts);
        var dead = _queue.DeadLetters!.TryReceive(ReceiveMode.PeekLock)!;
        Assert.Equal(("Because", "It is bad."), (dead.DeadLetterReason, dead.DeadLetterDescription));
        Assert.Equal("orders/$DeadLetterQueue", _queue.DeadLetters.Name);
        Assert.Throws<InvalidOperationException>(() => _queue.DeadLetters.DeadLetter(dead.LockToken, null, null));
        Assert.True(_queue.DeadLetters.Complete(dead.LockToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheLastAllowedDeliveryEndsInTheDeadLetterQueue(bool byExpiry)
    {
        _queue.Send(new Message("a"));

        for (var delivery = 1; delivery <= 3; delivery++)
        {
            var message = Lock();
            Assert.Equal(delivery, message.DeliveryCount);
            if (byExpiry)
                _time.Advance(LockDuration);
            else
                _queue.Abandon(message.LockToken);
        }

        Assert.Equal(new QueueCounts(0, 0, 0, DeadLettered: 1), _queue.Counts);
        Assert.Equal("MaxDeliveryCountExceeded", _queue.DeadLetters!.Peek()[0].DeadLetterReason);
    }

    [Fact]
    public void AScheduledMessageIsInvisibleUntilItsTimeAndIsThenEnqueuedLast()
    {
        Assert.Equal(1, _queue.Send(Scheduled("later", TimeSpan.FromMinutes(5))));
        _queue.Send(new Message("now"));
        Assert.Equal(new QueueCounts(Active: 1, Locked: 0, Scheduled: 1, DeadLettered: 0), _queue.Counts);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("now", Lock().Content.Body);
        var later = Lock();
        Assert.Equal("later", later.Content.Body);
        Assert.Equal(3, later.SequenceNumber);
        Assert.Equal(_time.GetUtcNow(), later.EnqueuedTime);
    }

    [Fact]
    public void ACancelledScheduledMessageNeverArrives()
    {
        var number = _queue.Send(Scheduled("later", TimeSpan.FromMinutes(5)));

        Assert.True(_queue.CancelScheduled(number));

        Assert.False(_queue.CancelScheduled(number));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new QueueCounts(0, 0, 0, 0), _queue.Counts);
    }

    [Fact]
    public void PeekReturnsAllMessagesFromASequenceNumberAndChangesNothing()
    {
        _queue.Send([new Message("a"), new Message("b"), Scheduled("c", TimeSpan.FromMinutes(5)), new Message("d")]);
        var locked = Lock();

        Assert.Equal([1, 2, 3, 4], _queue.Peek().Select(message => message.SequenceNumber));
        Assert.Equal([2, 3], _queue.Peek(fromSequenceNumber: 2, maxMessages: 2).Select(message => message.SequenceNumber));
        Assert.Equal(new QueueCounts(Active: 2, Locked: 1, Scheduled: 1, DeadLettered: 0), _queue.Counts);
        Assert.True(_queue.Complete(locked.LockToken));
    }

    [Fact]
    public async Task AWaitingReceiverGetsASentMessage()
    {
        var receiving = _queue.ReceiveAsync(ReceiveMode.PeekLock, Cancellation);
        Assert.False(receiving.IsCompleted);

        _queue.Send(new Message("a"));

        Assert.Equal("a", (await receiving).Content.Body);
    }

    [Fact]
    public async Task AWaitingReceiverGetsAMessageWithAnExpiredLock()
    {
        _queue.Send(new Message("a"));
        Lock();
        var receiving = _queue.ReceiveAsync(ReceiveMode.PeekLock, Cancellation);

        _time.Advance(LockDuration);

        Assert.Equal(2, (await receiving).DeliveryCount);
    }

    [Fact]
    public async Task AWaitingReceiverGetsAScheduledMessageAtItsTime()
    {
        _queue.Send(Scheduled("later", TimeSpan.FromMinutes(5)));
        var receiving = _queue.ReceiveAsync(ReceiveMode.PeekLock, Cancellation);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("later", (await receiving).Content.Body);
    }

    [Fact]
    public async Task ACanceledReceiverReceivesNothing()
    {
        using var stop = new CancellationTokenSource();
        var receiving = _queue.ReceiveAsync(ReceiveMode.PeekLock, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);

        _queue.Send(new Message("a"));

        Assert.Equal(1, _queue.Counts.Active);
    }

    [Fact]
    public async Task ConcurrentReceiversShareTheMessagesWithoutLossOrDuplicate()
    {
        const int count = 20_000;
        var receivers = Enumerable.Range(0, 4)
            .Select(_ => Task.Run(async () =>
            {
                var seen = new List<long>();
                for (var i = 0; i < count / 4; i++)
                {
                    var message = await _queue.ReceiveAsync(ReceiveMode.PeekLock, Cancellation);
                    Assert.True(_queue.Complete(message.LockToken));
                    seen.Add(message.SequenceNumber);
                }
                return seen;
            }, Cancellation))
            .ToList();

        for (var i = 0; i < count; i++)
            _queue.Send(new Message("a"));

        var all = (await Task.WhenAll(receivers)).SelectMany(seen => seen).Order();
        Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), all);
        Assert.Equal(new QueueCounts(0, 0, 0, 0), _queue.Counts);
    }

    [Fact]
    public void ADeferredMessageIsReceivedOnlyByItsSequenceNumber()
    {
        _queue.Send([new Message("a"), new Message("b")]);

        Assert.True(_queue.Defer(Lock().LockToken));

        Assert.Equal("b", Lock().Content.Body);
        Assert.Null(_queue.TryReceive(ReceiveMode.PeekLock));
        Assert.Equal(1, _queue.Counts.Deferred);
        Assert.Null(_queue.ReceiveDeferred([1, 2], ReceiveMode.PeekLock));
        var back = Assert.Single(_queue.ReceiveDeferred([1], ReceiveMode.PeekLock)!);
        Assert.Equal(("a", 2), (back.Content.Body, back.DeliveryCount));
        _time.Advance(LockDuration);
        Assert.Equal(1, _queue.Counts.Deferred);
        Assert.Single(_queue.ReceiveDeferred([1], ReceiveMode.ReceiveAndDelete)!);
        Assert.Equal(0, _queue.Counts.Deferred);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnExpiredMessageIsDeadLetteredOrDropped(bool deadLetter)
    {
        using var queue = new EmulatedQueue(new("orders") { TimeToLive = TimeSpan.FromSeconds(30), DeadLetterOnExpiration = deadLetter }, _time);
        queue.Send([WithTimeToLive("own", 10), WithTimeToLive("queue's", 100)]);

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((1, deadLetter ? 1 : 0), (queue.Counts.Active, queue.Counts.DeadLettered));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((0, deadLetter ? 2 : 0), (queue.Counts.Active, queue.Counts.DeadLettered));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(deadLetter ? 2 : 0, queue.Counts.DeadLettered);
        if (deadLetter)
            Assert.All(queue.DeadLetters!.Peek(), dead => Assert.Equal("TTLExpiredException", dead.DeadLetterReason));
    }

    [Fact]
    public void ALockedMessageExpiresOnlyWhenItIsReturned()
    {
        _queue.Send([WithTimeToLive("completed", 10), WithTimeToLive("abandoned", 10)]);
        var (completed, abandoned) = (Lock(), Lock());

        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(2, _queue.Counts.Locked);
        Assert.True(_queue.Complete(completed.LockToken));
        Assert.True(_queue.Abandon(abandoned.LockToken));
        Assert.Equal(new QueueCounts(0, 0, 0, 0), _queue.Counts);
    }

    [Fact]
    public void AnExpiredDeferredMessageIsNotReceived()
    {
        _queue.Send(WithTimeToLive("a", 10));
        _queue.Defer(Lock().LockToken);

        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(1, _queue.Counts.Deferred);
        Assert.Null(_queue.ReceiveDeferred([1], ReceiveMode.PeekLock));
        Assert.Equal(0, _queue.Counts.Deferred);
    }

    [Fact]
    public void TheTimeToLiveOfAScheduledMessageStartsAtItsScheduledTime()
    {
        var message = Scheduled("later", TimeSpan.FromMinutes(5));
        message.Header = new Header { Ttl = 10_000 };
        _queue.Send(message);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(1, _queue.Counts.Active);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, _queue.Counts.Active);
    }

    [Fact]
    public void AMessageIdIsRememberedOnlyForTheDetectionWindow()
    {
        using var queue = new EmulatedQueue(new("orders") { DuplicateDetectionWindow = TimeSpan.FromMinutes(1) }, _time);
        Message Same() => new("a") { Properties = new() { MessageId = "same" } };
        queue.Send(Same());
        queue.Complete(queue.TryReceive(ReceiveMode.PeekLock)!.LockToken);
        _time.Advance(TimeSpan.FromSeconds(59));

        queue.Send([Same(), new Message("without id"), new Message("without id")]);
        Assert.Equal(2, queue.Counts.Active);
        _time.Advance(TimeSpan.FromSeconds(1));
        queue.Send([Same(), Same()]);

        Assert.Equal(3, queue.Counts.Active);
    }

    [Fact]
    public void ASessionHasOneReceiverUntilItsLockEnds()
    {
        using var queue = new EmulatedQueue(new("orders", LockDuration, MaxDeliveryCount: 3) { RequiresSession = true }, _time);
        queue.Send([InSession("x", 1), InSession("y", 2), InSession("x", 3)]);
        var x = queue.TryAcceptSession(null)!;
        var lost = 0;
        x.Lost += () => lost++;

        Assert.Equal("x", x.SessionId);
        Assert.Null(queue.TryAcceptSession("x"));
        Assert.Equal("y", queue.TryAcceptSession(null)!.SessionId);
        Assert.Null(queue.TryAcceptSession(null));
        var message = queue.TryReceive(ReceiveMode.PeekLock, x)!;
        Assert.Equal(x.LockedUntil, message.LockedUntil);
        _time.Advance(LockDuration / 2);
        Assert.Equal(_time.GetUtcNow() + LockDuration, queue.RenewSessionLock("x"));
        _time.Advance(LockDuration / 2);
        Assert.Equal(1, queue.Counts.Locked);
        Assert.Null(queue.RenewSessionLock("y"));
        _time.Advance(LockDuration / 2);

        Assert.Equal((1, 0), (lost, queue.Counts.Locked));
        Assert.False(queue.Complete(message.LockToken));
        Assert.Null(queue.TryReceive(ReceiveMode.PeekLock, x));
        var again = queue.TryReceive(ReceiveMode.PeekLock, queue.TryAcceptSession("x"))!;
        Assert.Equal((1, 2), (again.Content.Body, again.DeliveryCount));
    }

    [Fact]
    public async Task AWaitingReceiverGetsAReleasedSession()
    {
        using var queue = new EmulatedQueue(new("orders") { RequiresSession = true }, _time);
        var waiting = queue.AcceptNextSessionAsync(Cancellation);
        queue.Send(InSession("x", 1));
        var first = await waiting;
        queue.TryReceive(ReceiveMode.PeekLock, first);
        waiting = queue.AcceptNextSessionAsync(Cancellation);
        Assert.False(waiting.IsCompleted);

        queue.ReleaseSession(first);

        Assert.Equal(1, queue.TryReceive(ReceiveMode.PeekLock, await waiting)!.DeliveryCount);
    }

    [Fact]
    public void AMessageWithoutASessionIsRefusedTogetherWithItsBatch()
    {
        using var queue = new EmulatedQueue(new("orders") { RequiresSession = true }, _time);

        var refusal = Assert.Throws<AmqpException>(() => queue.Send([InSession("x", 1), new Message(2)]));

        Assert.Equal(ErrorCode.NotAllowed, refusal.Error.Condition);
        Assert.Equal(0, queue.Counts.Active);
    }

    private static Message InSession(string sessionId, int body) => new(body) { Properties = new() { GroupId = sessionId } };

    private static Message WithTimeToLive(string body, uint seconds) => new(body) { Header = new Header { Ttl = seconds * 1000 } };

    private QueueMessage Lock() => _queue.TryReceive(ReceiveMode.PeekLock)!;

    private Message Scheduled(string body, TimeSpan delay) => new(body)
    {
        MessageAnnotations = new MessageAnnotations
        {
            [Annotations.ScheduledEnqueueTime] = (_time.GetUtcNow() + delay).UtcDateTime,
        },
    };
}
