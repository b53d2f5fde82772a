using Amqp;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>One queue: order by sequence number, peek-lock, delivery count, dead letters, schedule. Knows nothing of AMQP links.</summary>
internal sealed class EmulatedQueue
{
    private readonly QueueOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<QueuedMessage, long> _available = new();
    private readonly PriorityQueue<QueuedMessage, DateTimeOffset> _scheduled = new();
    private readonly PriorityQueue<(QueuedMessage Message, Guid Token), DateTimeOffset> _expiries = new();
    private readonly Dictionary<Guid, QueuedMessage> _locked = [];
    private readonly ITimer _timer;
    private long _lastSequenceNumber;

    public EmulatedQueue(QueueOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Dead letters are not delivered until they die again.
        if (!options.Name.EndsWith(DeadLetterSuffix, StringComparison.Ordinal))
            DeadLetters = new EmulatedQueue(options with { Name = options.Name + DeadLetterSuffix, MaxDeliveryCount = int.MaxValue }, time);
    }

    public const string DeadLetterSuffix = "/$DeadLetterQueue";

    /// <summary>Raised, outside of the lock, when a message can be had.</summary>
    public event Action? Available;

    public string Name => _options.Name;

    public EmulatedQueue? DeadLetters { get; }

    /// <summary>Messages ready, locked, and scheduled.</summary>
    public (int Ready, int Locked, int Scheduled) Counts
    {
        get { lock (_lock) return (_available.Count, _locked.Count, _scheduled.Count); }
    }

    /// <summary>All messages sent to this queue since it exists.</summary>
    public long Enqueued
    {
        get { lock (_lock) return _lastSequenceNumber; }
    }

    public long Enqueue(Message message, DateTimeOffset? notBefore = null, string? reason = null, string? description = null)
    {
        QueuedMessage queued;
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            queued = new QueuedMessage(++_lastSequenceNumber, notBefore > now ? notBefore.Value : now, message) { DeadLetterReason = reason, DeadLetterDescription = description };
            if (notBefore > now)
            {
                _scheduled.Enqueue(queued, notBefore.Value);
                SetTimer();
                return queued.SequenceNumber;
            }

            _available.Enqueue(queued, queued.SequenceNumber);
        }

        Available?.Invoke();
        return queued.SequenceNumber;
    }

    /// <summary>The next message, locked, or with <paramref name="delete"/> taken away at once; null if there is none now.</summary>
    public QueuedMessage? TryReceive(bool delete)
    {
        lock (_lock)
        {
            if (!_available.TryDequeue(out var message, out _)) return null;
            message.DeliveryCount++;
            if (delete) return message;
            Hold(message, Guid.NewGuid());
            return message;
        }
    }

    /// <summary>False when the lock has ended: the message belongs to somebody else by now.</summary>
    public bool Complete(Guid token)
    {
        lock (_lock) return _locked.Remove(token);
    }

    /// <summary>Back into the queue, at its old place; to the dead letters after the last delivery.</summary>
    public bool Abandon(Guid token) => GiveBack(token, counts: true);

    /// <summary>Back into the queue as if it had not been delivered: a receiver closed with the message unread.</summary>
    public bool Release(Guid token) => GiveBack(token, counts: false);

    public bool DeadLetter(Guid token, string? reason, string? description)
    {
        QueuedMessage? message;
        lock (_lock)
        {
            if (!_locked.Remove(token, out message)) return false;
        }

        DeadLetters?.Enqueue(message.Message, null, reason, description);
        return true;
    }

    /// <summary>When the lock now ends, or null if it has ended already.</summary>
    public DateTimeOffset? Renew(Guid token)
    {
        lock (_lock)
        {
            if (!_locked.TryGetValue(token, out var message)) return null;
            Hold(message, token);
            return message.LockedUntil;
        }
    }

    private void Hold(QueuedMessage message, Guid token)
    {
        message.LockToken = token;
        message.LockedUntil = _time.GetUtcNow() + _options.LockDuration;
        _locked[token] = message;
        _expiries.Enqueue((message, token), message.LockedUntil);
        SetTimer();
    }

    private bool GiveBack(Guid token, bool counts)
    {
        QueuedMessage? message;
        lock (_lock)
        {
            if (!_locked.Remove(token, out message)) return false;
            if (!counts) message.DeliveryCount--;
        }

        Return(message);
        return true;
    }

    private void Return(QueuedMessage message)
    {
        if (message.DeliveryCount >= _options.MaxDeliveryCount)
        {
            DeadLetters?.Enqueue(message.Message, null, "MaxDeliveryCountExceeded", $"Message could not be consumed after {message.DeliveryCount} delivery attempts.");
            return;
        }

        lock (_lock)
        {
            message.LockToken = null;
            _available.Enqueue(message, message.SequenceNumber);
        }

        Available?.Invoke();
    }

    private void OnTimer()
    {
        var expired = new List<QueuedMessage>();
        var due = false;
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            while (_expiries.TryPeek(out var next, out var at) && at <= now)
            {
                _expiries.Dequeue();
                // A renewed lock has a later entry of its own.
                if (_locked.TryGetValue(next.Token, out var message) && message.LockedUntil <= now && _locked.Remove(next.Token)) expired.Add(message);
            }

            for (; _scheduled.TryPeek(out var message, out var at) && at <= now; due = true)
                _available.Enqueue(_scheduled.Dequeue(), message.SequenceNumber);
            SetTimer();
        }

        foreach (var message in expired) Return(message);
        if (due) Available?.Invoke();
    }

    private void SetTimer()
    {
        DateTimeOffset? next = null;
        if (_expiries.TryPeek(out _, out var expiry)) next = expiry;
        if (_scheduled.TryPeek(out _, out var due) && !(due > next)) next = due;
        if (next is not { } at) return;
        var wait = at - _time.GetUtcNow();
        _timer.Change(wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
