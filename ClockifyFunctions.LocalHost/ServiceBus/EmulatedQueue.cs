using Amqp;
using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// One Service Bus queue without AMQP. It runs all operations under one lock. Before each operation it applies the transitions that are
/// due, so that results do not depend on whether the timer has fired. The timer serves receivers that wait.
/// </summary>
internal sealed class EmulatedQueue : IDisposable
{
    public const string DeadLetterSuffix = "/$DeadLetterQueue";

    private readonly Lock _lock = new();
    private readonly QueueMessages _messages;
    private readonly QueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private DateTimeOffset? _timerDue;

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
        _messages = new QueueMessages(options, () => Arrived?.Invoke(), message => DeadLetters!.AddDeadLetter(message));
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Raised when a message can be received, inside the lock of the queue: a handler may only set a flag or queue work.
    /// </summary>
    public event Action? Arrived;

    public string Name => _options.Name;

    public bool RequiresSession => _options.RequiresSession;

    public int MaxMessageSize => _options.MaxMessageSize;

    /// <summary>The dead-letter queue of this queue. Null if this queue is a dead-letter queue.</summary>
    public EmulatedQueue? DeadLetters { get; }

    /// <summary>The sequence number of the last message, which is also the number of messages so far.</summary>
    public long LastSequenceNumber
    {
        get
        {
            lock (_lock)
                return _messages.LastSequenceNumber;
        }
    }

    public QueueCounts Counts => Run(_ => _messages.Counts(DeadLetters?.Counts.Active ?? 0));

    public long Send(Message content) => Send([content])[0];

    /// <summary>Stores all messages as one operation, or none if it throws.</summary>
    /// <returns>The sequence numbers, in order. A duplicate has a sequence number too, although it is dropped.</returns>
    /// <exception cref="AmqpException">The queue requires sessions, and a message has no session id.</exception>
    public IReadOnlyList<long> Send(IReadOnlyList<Message> contents)
    {
        if (RequiresSession && contents.Any(content => content.Properties?.GroupId is null))
            throw new AmqpException(ErrorCode.NotAllowed, $"{Name} requires sessions: a message needs a session id.");
        return Run(now =>
        {
            var numbers = new long[contents.Count];
            for (var i = 0; i < numbers.Length; i++)
            {
                EnsureId(contents[i]);
                numbers[i] = _messages.Add(contents[i], now);
            }
            Arrived?.Invoke();
            return numbers;
        });
    }

    public bool CancelScheduled(long sequenceNumber) => Run(_ => _messages.CancelScheduled(sequenceNumber));

    /// <param name="session">The session of the messages. Null if, and only if, the queue requires no sessions.</param>
    /// <returns>Null if no message is available or the lock of the session is lost.</returns>
    public QueueMessage? TryReceive(ReceiveMode mode, SessionLock? session = null) => Run(now => _messages.Receive(mode, session, now));

    /// <summary>Receives deferred messages: all of them or none.</summary>
    /// <returns>Null if one of them is not deferred in this queue, or its time to live has passed.</returns>
    public IReadOnlyList<QueueMessage>? ReceiveDeferred(
        IReadOnlyCollection<long> sequenceNumbers, ReceiveMode mode, SessionLock? session = null) =>
        Run(now => _messages.ReceiveDeferred(sequenceNumbers, mode, session, now));

    public Task<QueueMessage> ReceiveAsync(ReceiveMode mode, CancellationToken cancellationToken) =>
        WaitAsync(() => TryReceive(mode), cancellationToken);

    /// <returns>False if the lock is lost: it has expired, or the message is already settled. This applies to all settlements.</returns>
    public bool Complete(Guid lockToken) => Settle(lockToken, (_, _) => { });

    /// <summary>Returns the message for another delivery, or dead-letters it if it has reached the maximum delivery count.</summary>
    public bool Abandon(Guid lockToken) => Settle(lockToken, _messages.Return);

    /// <summary>Returns a message that the receiver did not process. The delivery does not count.</summary>
    public bool Release(Guid lockToken) => Settle(lockToken, _messages.ReturnUncounted);

    /// <summary>Defers the message. It can then be received only by its sequence number.</summary>
    public bool Defer(Guid lockToken) => Settle(lockToken, (message, _) => _messages.Defer(message));

    /// <exception cref="InvalidOperationException">This queue is a dead-letter queue. The service refuses the operation too.</exception>
    public bool DeadLetter(Guid lockToken, string? reason, string? description)
    {
        if (DeadLetters is null)
            throw new InvalidOperationException($"Messages of {Name} cannot be dead-lettered again.");
        return Settle(lockToken, (message, _) => _messages.DeadLetter(message, reason, description));
    }

    /// <returns>The time at which the lock now expires. Null if it is lost, or if the queue requires sessions: then only sessions are renewed.</returns>
    public DateTimeOffset? RenewLock(Guid lockToken) => Run(now => RequiresSession ? null : _messages.Deliveries.Renew(lockToken, now));

    /// <param name="sessionId">Null: the unlocked session with the oldest message.</param>
    /// <returns>Null if the session is locked, or no session has messages.</returns>
    public SessionLock? TryAcceptSession(string? sessionId) => Run(now => _messages.AcceptSession(sessionId, now));

    public Task<SessionLock> AcceptNextSessionAsync(CancellationToken cancellationToken) =>
        WaitAsync(() => TryAcceptSession(null), cancellationToken);

    /// <summary>The lock of a session; null if the session is not locked.</summary>
    public SessionLock? LockOfSession(string sessionId) => Run(_ => _messages.Deliveries.Sessions.LockOf(sessionId));

    /// <returns>The time at which the lock now expires; null if it is lost.</returns>
    public DateTimeOffset? RenewSessionLock(string sessionId) => Run(now => _messages.Deliveries.RenewSession(sessionId, now));

    /// <summary>Releases the session for the next receiver. Messages that are not settled return, and their last delivery does not count.</summary>
    public void ReleaseSession(SessionLock session) => Run(now =>
    {
        _messages.ReleaseSession(session, now);
        return true;
    });

    public byte[]? SessionState(string sessionId) => Run(_ => _messages.Deliveries.Sessions.State(sessionId));

    public void SetSessionState(string sessionId, byte[]? state) => Run(_ =>
    {
        _messages.Deliveries.Sessions.SetState(sessionId, state);
        return true;
    });

    /// <summary>
    /// Reads messages without receiving them: active, locked, deferred and scheduled messages by sequence number, like the peek of the
    /// service. It sorts all messages, so it is for people and tests only.
    /// </summary>
    /// <param name="sessionId">Null: all sessions.</param>
    public IReadOnlyList<QueueMessage> Peek(
        long fromSequenceNumber = 0, int maxMessages = int.MaxValue, string? sessionId = null) =>
        Run(_ => _messages.Peek(fromSequenceNumber, maxMessages, sessionId));

    public void Dispose()
    {
        _timer.Dispose();
        DeadLetters?.Dispose();
    }

    /// <summary>Adds a message id if there is none, as the service does. The JavaScript client cannot settle a message without an id.</summary>
    private static void EnsureId(Message content)
    {
        content.Properties ??= new Properties();
        if (content.Properties.GetMessageId() is null)
            content.Properties.MessageId = Guid.NewGuid().ToString("N");
    }

    private void AddDeadLetter(QueueMessage message)
    {
        lock (_lock)
            _messages.MakeActive(message);
    }

    private bool Settle(Guid lockToken, Action<QueueMessage, DateTimeOffset> settle) => Run(now =>
    {
        if (!_messages.Deliveries.TryTake(lockToken, out var message))
            return false;
        settle(message, now);
        return true;
    });

    private T Run<T>(Func<DateTimeOffset, T> operation)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _messages.CatchUp(now);
            var result = operation(now);
            SetTimer(now);
            return result;
        }
    }

    private async Task<T> WaitAsync<T>(Func<T?> attempt, CancellationToken cancellationToken)
        where T : class
    {
        var arrival = new SemaphoreSlim(0);
        void OnArrived() => arrival.Release();
        Arrived += OnArrived;
        try
        {
            while (true)
            {
                if (attempt() is { } result)
                    return result;
                await arrival.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Arrived -= OnArrived;
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _timerDue = null;
            var now = _time.GetUtcNow();
            _messages.CatchUp(now);
            SetTimer(now);
        }
    }

    private void SetTimer(DateTimeOffset now)
    {
        if (_messages.NextDue() is not { } due || _timerDue <= due)
            return;
        _timerDue = due;
        // At least one millisecond: a timer that fires slightly early would otherwise fire again and again until the time is reached.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due - now).TotalMilliseconds))),
            Timeout.InfiniteTimeSpan);
    }
}
