using System.Diagnostics.CodeAnalysis;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The locked messages. All locks of a queue have the same duration, so they expire in the order in which they were
/// granted, and a FIFO queue is sufficient. The FIFO entry of a settled or renewed lock becomes stale and is skipped later.
/// Not thread safe; the lock of the queue guards it.
/// </summary>
internal sealed class MessageLocks
{
    private readonly Dictionary<Guid, QueueMessage> _held = [];
    private readonly Queue<(Guid Token, DateTimeOffset Until)> _expiries = new();

    public int Count => _held.Count;

    public IEnumerable<QueueMessage> Messages => _held.Values;

    public void Hold(QueueMessage message)
    {
        _held[message.LockToken] = message;
        _expiries.Enqueue((message.LockToken, message.LockedUntil));
    }

    /// <summary>Holds a message whose lock ends with the lock of its session.</summary>
    public void HoldForSession(QueueMessage message) => _held[message.LockToken] = message;

    public bool TryRenew(Guid token, DateTimeOffset until)
    {
        if (!_held.TryGetValue(token, out var message))
            return false;
        Hold(message with { LockedUntil = until });
        return true;
    }

    public bool TryTake(Guid token, [NotNullWhen(true)] out QueueMessage? message) => _held.Remove(token, out message);

    public bool TryTakeExpired(DateTimeOffset now, [NotNullWhen(true)] out QueueMessage? message)
    {
        if (NextExpiry() is { } next && next <= now)
            return _held.Remove(_expiries.Dequeue().Token, out message);
        message = null;
        return false;
    }

    public DateTimeOffset? NextExpiry()
    {
        while (_expiries.TryPeek(out var entry))
        {
            if (_held.TryGetValue(entry.Token, out var message) && message.LockedUntil == entry.Until)
                return entry.Until;
            _expiries.Dequeue();
        }
        return null;
    }
}
