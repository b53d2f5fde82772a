using System.Diagnostics.CodeAnalysis;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The messages under lock. Every lock of a queue lasts equally long, so expiries happen in the order they were
/// granted and a plain FIFO replaces a heap. Settling or renewing leaves a stale entry behind, skipped when reached.
/// Not thread safe: the queue's lock guards it.
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

    /// <summary>The lock ends with the session's, not by itself.</summary>
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
