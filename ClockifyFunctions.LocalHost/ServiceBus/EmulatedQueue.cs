using Amqp;
using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The rules of one Service Bus queue, without the wire. One lock guards everything; no operation on the path of a
/// message looks at the other messages. What concerns sessions is in the other half of this class.
/// </summary>
internal sealed partial class EmulatedQueue : IDisposable
{
    public const string DeadLetterSuffix = "/$DeadLetterQueue";

    private readonly Lock _gate = new();
    private readonly ActiveMessages _active;
    private readonly MessageLocks _locks = new();
    private readonly ScheduledMessages _scheduled = new();
    private readonly Dictionary<long, QueueMessage> _deferred = [];
    private readonly SeenMessageIds? _seen;
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
        _active = new ActiveMessages(options.RequiresSession);
        _seen = options.DuplicateDetectionWindow is { } window ? new SeenMessageIds(window) : null;
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// A message became receivable. Raised inside the queue's lock: a handler may only set a flag or queue work.
    /// </summary>
    public event Action? Arrived;

    public string Name => _options.Name;

    public bool RequiresSession => _options.RequiresSession;

    public int MaxMessageSize => _options.MaxMessageSize;

    /// <summary>Null on a dead-letter queue.</summary>
    public EmulatedQueue? DeadLetters { get; }

    /// <summary>Of the message that came last; how many have come, then.</summary>
    public long LastSequenceNumber
    {
        get
        {
            lock (_gate)
                return _lastSequenceNumber;
        }
    }

    public QueueCounts Counts
    {
        get
        {
            lock (_gate)
            {
                CatchUp();
                return new(_active.Count, _locks.Count, _scheduled.Count, DeadLetters?.Counts.Active ?? 0) { Deferred = _deferred.Count };
            }
        }
    }

    public long Send(Message content) => Send([content])[0];

    /// <summary>Stores all of them or, should it throw, none: a batch is one operation.</summary>
    /// <returns>Sequence numbers, in order; a duplicate has one too, although it is dropped.</returns>
    /// <exception cref="AmqpException">A message without session id, where sessions are required.</exception>
    public IReadOnlyList<long> Send(IReadOnlyList<Message> contents)
    {
        if (RequiresSession && contents.Any(content => content.Properties?.GroupId is null))
            throw new AmqpException(ErrorCode.NotAllowed, $"{Name} requires sessions: a message needs a session id.");
        var numbers = new long[contents.Count];
        lock (_gate)
        {
            var now = CatchUp();
            for (var i = 0; i < numbers.Length; i++)
            {
                GiveId(contents[i]);
                var scheduledFor = Annotations.ScheduledFor(contents[i]);
                var message = new QueueMessage(contents[i], ++_lastSequenceNumber, now)
                {
                    ScheduledFor = scheduledFor,
                    TimeToLive = TimeToLiveOf(contents[i]),
                };
                numbers[i] = message.SequenceNumber;
                if (_seen?.TryAdd(contents[i].Properties.GetMessageId().ToString()!, now) is false)
                    continue;
                if (scheduledFor > now)
                    _scheduled.Add(message, scheduledFor.Value);
                else
                    _active.Add(message);
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

    /// <param name="session">What the messages must belong to; null exactly where no sessions are required.</param>
    /// <returns>Null when there is nothing to receive now, or the session is lost.</returns>
    public QueueMessage? TryReceive(ReceiveMode mode, SessionLock? session = null)
    {
        lock (_gate)
        {
            var now = CatchUp();
            if (session is not null && !_sessions.Holds(session))
                return null;
            return _active.TryTake(session?.SessionId, out var message) ? Deliver(message, mode, session, now) : null;
        }
    }

    /// <summary>Brings back messages that were deferred: all of them or none.</summary>
    /// <returns>Null when one of them is not deferred here, or its time to live is over.</returns>
    public IReadOnlyList<QueueMessage>? ReceiveDeferred(
        IReadOnlyCollection<long> sequenceNumbers, ReceiveMode mode, SessionLock? session = null)
    {
        lock (_gate)
        {
            var now = CatchUp();
            // The service looks at the time of a deferred message when, and only when, somebody asks for it.
            foreach (var number in sequenceNumbers)
            {
                if (_deferred.TryGetValue(number, out var asked) && asked.ExpiresAt <= now && _deferred.Remove(number))
                    Expire(asked);
            }
            if (!sequenceNumbers.All(number => _deferred.TryGetValue(number, out var message)
                    && (!RequiresSession || (session is not null && _sessions.Holds(session) && message.SessionId == session.SessionId))))
            {
                return null;
            }
            return [.. sequenceNumbers.Distinct().Select(number =>
            {
                _deferred.Remove(number, out var message);
                return Deliver(message!, mode, session, now);
            })];
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

    /// <summary>Sets the message aside until somebody asks for its sequence number.</summary>
    public bool Defer(Guid lockToken) =>
        Settle(lockToken, message => _deferred.Add(message.SequenceNumber, message with { IsDeferred = true }));

    public bool DeadLetter(Guid lockToken, string? reason, string? description)
    {
        // A dead-letter queue has no further one; the service refuses too.
        if (DeadLetters is null)
            throw new InvalidOperationException($"Messages of {Name} cannot be dead-lettered again.");
        return Settle(lockToken, message => MoveToDeadLetters(message, reason, description));
    }

    /// <returns>The new end of the lock, or null when it is lost. Of a session's message, too: only the session is renewed.</returns>
    public DateTimeOffset? RenewLock(Guid lockToken)
    {
        lock (_gate)
        {
            var now = CatchUp();
            var until = now + _options.LockDuration;
            if (RequiresSession || !_locks.TryRenew(lockToken, until))
                return null;
            SetTimer(now);
            return until;
        }
    }

    /// <summary>
    /// Looks without receiving: active, locked, deferred and scheduled messages by sequence number, as the service's
    /// peek does. Sorts everything, so it is for people and tests.
    /// </summary>
    /// <param name="sessionId">Null: of all sessions.</param>
    public IReadOnlyList<QueueMessage> Peek(
        long fromSequenceNumber = 0, int maxMessages = int.MaxValue, string? sessionId = null)
    {
        lock (_gate)
        {
            CatchUp();
            return
            [
                .. _active.Messages
                    .Concat(_locks.Messages)
                    .Concat(_deferred.Values)
                    .Concat(_scheduled.Messages)
                    .Where(message => message.SequenceNumber >= fromSequenceNumber)
                    .Where(message => sessionId is null || message.SessionId == sessionId)
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

    private TimeSpan? TimeToLiveOf(Message content)
    {
        // A dead-letter queue has no time to live, and gets its messages another way.
        var own = content.Header is { } header && header.HasField(2) ? TimeSpan.FromMilliseconds(header.Ttl) : (TimeSpan?)null;
        return own < _options.TimeToLive ? own : _options.TimeToLive ?? own;
    }

    private QueueMessage Deliver(QueueMessage message, ReceiveMode mode, SessionLock? session, DateTimeOffset now)
    {
        message = message with { DeliveryCount = message.DeliveryCount + 1 };
        if (mode == ReceiveMode.ReceiveAndDelete)
            return message;
        message = message with { LockToken = Guid.NewGuid(), LockedUntil = session?.LockedUntil ?? now + _options.LockDuration };
        if (session is null)
        {
            _locks.Hold(message);
        }
        else
        {
            _locks.HoldForSession(message);
            session.LockTokens.Add(message.LockToken);
        }
        SetTimer(now);
        return message;
    }

    private bool Settle(Guid lockToken, Action<QueueMessage> settle)
    {
        lock (_gate)
        {
            CatchUp();
            if (!_locks.TryTake(lockToken, out var message))
                return false;
            if (RequiresSession)
                _sessions.LockOf(message.SessionId)?.LockTokens.Remove(lockToken);
            settle(Unlocked(message));
            SetTimer(_time.GetUtcNow());
            return true;
        }
    }

    private static QueueMessage Unlocked(QueueMessage message) =>
        message with { LockToken = Guid.Empty, LockedUntil = default };

    private void Return(QueueMessage message)
    {
        if (message.DeliveryCount >= _options.MaxDeliveryCount)
        {
            MoveToDeadLetters(message, "MaxDeliveryCountExceeded",
                $"Message could not be consumed after {_options.MaxDeliveryCount} delivery attempts.");
        }
        else if (message.IsDeferred)
        {
            _deferred.Add(message.SequenceNumber, message);
        }
        else if (message.ExpiresAt <= _time.GetUtcNow())
        {
            Expire(message);
        }
        else
        {
            MakeActive(message);
        }
    }

    private void Expire(QueueMessage message)
    {
        if (_options.DeadLetterOnExpiration)
            MoveToDeadLetters(message, "TTLExpiredException", "The message expired and was dead lettered.");
    }

    private void MoveToDeadLetters(QueueMessage message, string? reason, string? description)
    {
        var deadLetters = DeadLetters!;
        lock (deadLetters._gate)
        {
            deadLetters.MakeActive(message with
            {
                DeadLetterReason = reason,
                DeadLetterDescription = description,
                TimeToLive = null,
                IsDeferred = false,
            });
        }
    }

    private void MakeActive(QueueMessage message)
    {
        _active.Add(message);
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
            Return(Unlocked(expired));
        ExpireSessionLocks(now);
        while (_scheduled.TryTakeDue(now, out var due))
        {
            // Becoming active is a new enqueue, with a new number: the service documents the first one as temporary.
            MakeActive(due with { SequenceNumber = ++_lastSequenceNumber, EnqueuedTime = now });
        }
        while (_active.TryTakeExpired(now, out var overdue))
            Expire(overdue);
        return now;
    }

    private void SetTimer(DateTimeOffset now)
    {
        // Min skips what there is none of.
        var due = new[]
        {
            _locks.NextExpiry(), _scheduled.NextDue(), _active.NextExpiry(), _sessions.NextToExpire()?.LockedUntil,
        }.Min();
        if (due is null || _timerDue <= due)
            return;
        _timerDue = due;
        // Never zero: a timer may fire a little early, and must not spin until the clock agrees.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due.Value - now).TotalMilliseconds))),
            Timeout.InfiniteTimeSpan);
    }
}
