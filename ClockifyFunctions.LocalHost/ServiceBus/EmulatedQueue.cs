using Amqp;
using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The rules of one Service Bus queue, without the wire. One lock guards everything; no operation on the path of a
/// message looks at the other messages.
/// </summary>
internal sealed class EmulatedQueue : IDisposable
{
    public const string DeadLetterSuffix = "/$DeadLetterQueue";

    private readonly Lock _gate = new();
    private readonly PriorityQueue<QueueMessage, long> _active = new();
    private readonly MessageLocks _locks = new();
    private readonly ScheduledMessages _scheduled = new();
    private readonly QueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private DateTimeOffset? _timerDue;
    private long _lastSequenceNumber;

    public EmulatedQueue(QueueOptions options, TimeProvider time)
        : this(options, time, new EmulatedQueue(
            new(options.Name + DeadLetterSuffix, options.LockDuration, int.MaxValue), time, deadLetters: null))
    {
    }

    private EmulatedQueue(QueueOptions options, TimeProvider time, EmulatedQueue? deadLetters)
    {
        _options = options;
        _time = time;
        DeadLetters = deadLetters;
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// A message became receivable. Raised inside the queue's lock: a handler may only set a flag or queue work.
    /// </summary>
    public event Action? Arrived;

    public string Name => _options.Name;

    /// <summary>Null on a dead-letter queue.</summary>
    public EmulatedQueue? DeadLetters { get; }

    public QueueCounts Counts
    {
        get
        {
            lock (_gate)
            {
                CatchUp();
                return new(_active.Count, _locks.Count, _scheduled.Count, DeadLetters?.Counts.Active ?? 0);
            }
        }
    }

    public long Send(Message content) => Send([content])[0];

    /// <summary>Stores all of them or, should it throw, none: a batch is one operation.</summary>
    /// <returns>Sequence numbers, in order.</returns>
    public IReadOnlyList<long> Send(IReadOnlyList<Message> contents)
    {
        var numbers = new long[contents.Count];
        lock (_gate)
        {
            var now = CatchUp();
            for (var i = 0; i < numbers.Length; i++)
            {
                GiveId(contents[i]);
                var scheduledFor = Annotations.ScheduledFor(contents[i]);
                var message = new QueueMessage(contents[i], ++_lastSequenceNumber, now) { ScheduledFor = scheduledFor };
                numbers[i] = message.SequenceNumber;
                if (scheduledFor > now)
                    _scheduled.Add(message, scheduledFor.Value);
                else
                    _active.Enqueue(message, message.SequenceNumber);
            }
            Arrived?.Invoke();
            SetTimer(now);
        }
        return numbers;
    }

    public bool CancelScheduled(long sequenceNumber)
    {
        lock (_gate)
        {
            CatchUp();
            return _scheduled.Cancel(sequenceNumber);
        }
    }

    /// <returns>Null when there is nothing to receive now.</returns>
    public QueueMessage? TryReceive(ReceiveMode mode)
    {
        lock (_gate)
        {
            var now = CatchUp();
            if (!_active.TryDequeue(out var message, out _))
                return null;
            message = message with { DeliveryCount = message.DeliveryCount + 1 };
            if (mode == ReceiveMode.ReceiveAndDelete)
                return message;
            message = message with { LockToken = Guid.NewGuid(), LockedUntil = now + _options.LockDuration };
            _locks.Hold(message);
            SetTimer(now);
            return message;
        }
    }

    public async Task<QueueMessage> ReceiveAsync(ReceiveMode mode, CancellationToken cancellationToken)
    {
        var arrival = new SemaphoreSlim(0);
        void OnArrived() => arrival.Release();
        Arrived += OnArrived;
        try
        {
            while (true)
            {
                if (TryReceive(mode) is { } message)
                    return message;
                await arrival.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Arrived -= OnArrived;
        }
    }

    /// <returns>False when the lock is lost: expired, or already settled. The same for every settlement below.</returns>
    public bool Complete(Guid lockToken) => Settle(lockToken, _ => { });

    /// <summary>Gives the message back for another delivery, or dead-letters it if that was the last one allowed.</summary>
    public bool Abandon(Guid lockToken) => Settle(lockToken, Return);

    /// <summary>Gives back a message nobody looked at: the delivery does not count.</summary>
    public bool Release(Guid lockToken) =>
        Settle(lockToken, message => Return(message with { DeliveryCount = message.DeliveryCount - 1 }));

    public bool DeadLetter(Guid lockToken, string? reason, string? description)
    {
        // A dead-letter queue has no further one; the service refuses too.
        if (DeadLetters is null)
            throw new InvalidOperationException($"Messages of {Name} cannot be dead-lettered again.");
        return Settle(lockToken, message => MoveToDeadLetters(message, reason, description));
    }

    /// <returns>The new end of the lock, or null when it is lost.</returns>
    public DateTimeOffset? RenewLock(Guid lockToken)
    {
        lock (_gate)
        {
            var now = CatchUp();
            var until = now + _options.LockDuration;
            if (!_locks.TryRenew(lockToken, until))
                return null;
            SetTimer(now);
            return until;
        }
    }

    /// <summary>
    /// Looks without receiving: active, locked and scheduled messages by sequence number, as the service's peek does.
    /// Sorts everything, so it is for people and tests.
    /// </summary>
    public IReadOnlyList<QueueMessage> Peek(long fromSequenceNumber = 0, int maxMessages = int.MaxValue)
    {
        lock (_gate)
        {
            CatchUp();
            return
            [
                .. _active.UnorderedItems.Select(item => item.Element)
                    .Concat(_locks.Messages)
                    .Concat(_scheduled.Messages)
                    .Where(message => message.SequenceNumber >= fromSequenceNumber)
                    .OrderBy(message => message.SequenceNumber)
                    .Take(maxMessages),
            ];
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        DeadLetters?.Dispose();
    }

    /// <summary>The service does the same; the JavaScript client cannot settle a message without an id.</summary>
    private static void GiveId(Message content)
    {
        content.Properties ??= new Properties();
        if (content.Properties.GetMessageId() is null)
            content.Properties.MessageId = Guid.NewGuid().ToString("N");
    }

    private bool Settle(Guid lockToken, Action<QueueMessage> settle)
    {
        lock (_gate)
        {
            CatchUp();
            if (!_locks.TryTake(lockToken, out var message))
                return false;
            settle(message with { LockToken = Guid.Empty, LockedUntil = default });
            return true;
        }
    }

    private void Return(QueueMessage message)
    {
        if (message.DeliveryCount >= _options.MaxDeliveryCount)
        {
            MoveToDeadLetters(message, "MaxDeliveryCountExceeded",
                $"Message could not be consumed after {_options.MaxDeliveryCount} delivery attempts.");
            return;
        }
        MakeActive(message);
    }

    private void MoveToDeadLetters(QueueMessage message, string? reason, string? description)
    {
        var deadLetters = DeadLetters!;
        lock (deadLetters._gate)
            deadLetters.MakeActive(message with { DeadLetterReason = reason, DeadLetterDescription = description });
    }

    private void MakeActive(QueueMessage message)
    {
        _active.Enqueue(message, message.SequenceNumber);
        Arrived?.Invoke();
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerDue = null;
            SetTimer(CatchUp());
        }
    }

    /// <summary>
    /// Does what time has made due. Every operation starts here, so that its answer never depends on whether the timer
    /// has run yet; the timer is only for receivers that wait.
    /// </summary>
    private DateTimeOffset CatchUp()
    {
        var now = _time.GetUtcNow();
        while (_locks.TryTakeExpired(now, out var expired))
            Return(expired with { LockToken = Guid.Empty, LockedUntil = default });
        while (_scheduled.TryTakeDue(now, out var due))
        {
            // Becoming active is a new enqueue, with a new number: the service documents the first one as temporary.
            MakeActive(due with { SequenceNumber = ++_lastSequenceNumber, EnqueuedTime = now });
        }
        return now;
    }

    private void SetTimer(DateTimeOffset now)
    {
        var lockExpiry = _locks.NextExpiry();
        var scheduled = _scheduled.NextDue();
        var due = lockExpiry is null || scheduled < lockExpiry ? scheduled : lockExpiry;
        if (due is null || _timerDue <= due)
            return;
        _timerDue = due;
        // Never zero: a timer may fire a little early, and must not spin until the clock agrees.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due.Value - now).TotalMilliseconds))),
            Timeout.InfiniteTimeSpan);
    }
}
