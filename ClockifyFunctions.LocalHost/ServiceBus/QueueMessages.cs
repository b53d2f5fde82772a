using Amqp;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The messages of one queue and the transitions between their states: scheduled, active, locked, deferred, expired and dead-lettered.
/// No transition of one message examines the other messages. Not thread safe; the lock of the queue guards it.
/// </summary>
/// <param name="arrived">Called when a message or a session can be received.</param>
/// <param name="deadLetter">Called with a message that moves to the dead-letter queue.</param>
internal sealed class QueueMessages(QueueOptions options, Action arrived, Action<QueueMessage> deadLetter)
{
    private readonly ActiveMessages _active = new(options.RequiresSession);
    private readonly ScheduledMessages _scheduled = new();
    private readonly Dictionary<long, QueueMessage> _deferred = [];
    private readonly SeenMessageIds? _seen = options.DuplicateDetectionWindow is { } window ? new SeenMessageIds(window) : null;

    public Deliveries Deliveries { get; } = new(options.LockDuration);

    /// <inheritdoc cref="EmulatedQueue.LastSequenceNumber"/>
    public long LastSequenceNumber { get; private set; }

    public QueueCounts Counts(int deadLettered) =>
        new(_active.Count, Deliveries.Count, _scheduled.Count, deadLettered) { Deferred = _deferred.Count };

    /// <returns>The sequence number. A duplicate gets a sequence number too, although it is dropped.</returns>
    public long Add(Message content, DateTimeOffset now)
    {
        var scheduledFor = Annotations.ScheduledFor(content);
        var message = new QueueMessage(content, ++LastSequenceNumber, now)
        {
            ScheduledFor = scheduledFor,
            TimeToLive = TimeToLiveOf(content),
        };
        if (_seen?.TryAdd(content.Properties.GetMessageId().ToString()!, now) is false)
            return message.SequenceNumber;
        if (scheduledFor > now)
            _scheduled.Add(message, scheduledFor.Value);
        else
            _active.Add(message);
        return message.SequenceNumber;
    }

    public bool CancelScheduled(long sequenceNumber) => _scheduled.Cancel(sequenceNumber);

    public QueueMessage? Receive(ReceiveMode mode, SessionLock? session, DateTimeOffset now)
    {
        if (session is not null && !Deliveries.Sessions.Holds(session))
            return null;
        return _active.TryTake(session?.SessionId, out var message) ? Deliveries.Deliver(message, mode, session, now) : null;
    }

    public IReadOnlyList<QueueMessage>? ReceiveDeferred(
        IReadOnlyCollection<long> sequenceNumbers, ReceiveMode mode, SessionLock? session, DateTimeOffset now)
    {
        // As in the service, a deferred message expires only when a receiver asks for it.
        foreach (var number in sequenceNumbers)
        {
            if (_deferred.TryGetValue(number, out var asked) && asked.ExpiresAt <= now && _deferred.Remove(number))
                Expire(asked);
        }
        if (!sequenceNumbers.All(number => _deferred.TryGetValue(number, out var message) && Matches(message, session)))
            return null;
        return [.. sequenceNumbers.Distinct().Select(number =>
        {
            _deferred.Remove(number, out var message);
            return Deliveries.Deliver(message!, mode, session, now);
        })];
    }

    public void Defer(QueueMessage message) => _deferred.Add(message.SequenceNumber, message with { IsDeferred = true });

    /// <summary>Makes the message available again, or dead-letters it if it has reached the maximum delivery count.</summary>
    public void Return(QueueMessage message, DateTimeOffset now)
    {
        if (message.DeliveryCount >= options.MaxDeliveryCount)
        {
            DeadLetter(message, "MaxDeliveryCountExceeded",
                $"Message could not be consumed after {options.MaxDeliveryCount} delivery attempts.");
        }
        else if (message.IsDeferred)
        {
            _deferred.Add(message.SequenceNumber, message);
        }
        else if (message.ExpiresAt <= now)
        {
            Expire(message);
        }
        else
        {
            MakeActive(message);
        }
    }

    /// <summary>As <see cref="Return"/>, but the last delivery does not count, because the receiver did not process the message.</summary>
    public void ReturnUncounted(QueueMessage message, DateTimeOffset now) =>
        Return(message with { DeliveryCount = message.DeliveryCount - 1 }, now);

    public void DeadLetter(QueueMessage message, string? reason, string? description) => deadLetter(message with
    {
        DeadLetterReason = reason,
        DeadLetterDescription = description,
        TimeToLive = null,
        IsDeferred = false,
    });

    public void MakeActive(QueueMessage message)
    {
        _active.Add(message);
        arrived();
    }

    public SessionLock? AcceptSession(string? sessionId, DateTimeOffset now)
    {
        var sessions = Deliveries.Sessions;
        sessionId ??= _active.OldestSession(except: sessions.IsLocked);
        return sessionId is null || sessions.IsLocked(sessionId) ? null : sessions.Lock(sessionId, now + options.LockDuration);
    }

    public void ReleaseSession(SessionLock session, DateTimeOffset now)
    {
        if (!Deliveries.Sessions.Unlock(session))
            return;
        foreach (var message in Deliveries.TakeAll(session))
            ReturnUncounted(message, now);
        arrived();
    }

    /// <summary>Applies all transitions that are due: expired locks, scheduled messages and messages whose time to live has passed.</summary>
    public void CatchUp(DateTimeOffset now)
    {
        while (Deliveries.TryTakeExpired(now, out var expired))
            Return(expired, now);
        while (Deliveries.Sessions.NextToExpire() is { } session && session.LockedUntil <= now)
            ExpireSession(session, now);
        while (_scheduled.TryTakeDue(now, out var due))
        {
            // As in the service, a scheduled message is enqueued again when it becomes active, and gets a new sequence number.
            MakeActive(due with { SequenceNumber = ++LastSequenceNumber, EnqueuedTime = now });
        }
        while (_active.TryTakeExpired(now, out var overdue))
            Expire(overdue);
    }

    /// <summary>The time of the next transition; null if none is pending.</summary>
    public DateTimeOffset? NextDue() => new[] { Deliveries.NextExpiry(), _scheduled.NextDue(), _active.NextExpiry() }.Min();

    /// <inheritdoc cref="EmulatedQueue.Peek"/>
    public IReadOnlyList<QueueMessage> Peek(long fromSequenceNumber, int maxMessages, string? sessionId) =>
    [
        .. _active.Messages
            .Concat(Deliveries.Messages)
            .Concat(_deferred.Values)
            .Concat(_scheduled.Messages)
            .Where(message => message.SequenceNumber >= fromSequenceNumber)
            .Where(message => sessionId is null || message.SessionId == sessionId)
            .OrderBy(message => message.SequenceNumber)
            .Take(maxMessages),
    ];

    private bool Matches(QueueMessage message, SessionLock? session) =>
        !options.RequiresSession || (session is not null && Deliveries.Sessions.Holds(session) && message.SessionId == session.SessionId);

    private TimeSpan? TimeToLiveOf(Message content)
    {
        var own = content.Header is { } header && header.HasField(2) ? TimeSpan.FromMilliseconds(header.Ttl) : (TimeSpan?)null;
        return own < options.TimeToLive ? own : options.TimeToLive ?? own;
    }

    private void Expire(QueueMessage message)
    {
        if (options.DeadLetterOnExpiration)
            DeadLetter(message, "TTLExpiredException", "The message expired and was dead lettered.");
    }

    private void ExpireSession(SessionLock session, DateTimeOffset now)
    {
        Deliveries.Sessions.Unlock(session);
        foreach (var message in Deliveries.TakeAll(session))
            Return(message, now);
        session.RaiseLost();
        arrived();
    }
}
