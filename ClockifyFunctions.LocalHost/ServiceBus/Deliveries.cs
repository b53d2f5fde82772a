using System.Diagnostics.CodeAnalysis;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The messages that receivers hold under a lock, and the locks of sessions. A message of a session is locked as long as its session.
/// Not thread safe; the lock of the queue guards it.
/// </summary>
internal sealed class Deliveries(TimeSpan lockDuration)
{
    private readonly MessageLocks _locks = new();

    public MessageSessions Sessions { get; } = new();

    public int Count => _locks.Count;

    public IEnumerable<QueueMessage> Messages => _locks.Messages;

    /// <summary>Locks the message for one delivery. In receive-and-delete mode the message gets no lock.</summary>
    public QueueMessage Deliver(QueueMessage message, ReceiveMode mode, SessionLock? session, DateTimeOffset now)
    {
        message = message with { DeliveryCount = message.DeliveryCount + 1 };
        if (mode == ReceiveMode.ReceiveAndDelete)
            return message;
        message = message with { LockToken = Guid.NewGuid(), LockedUntil = session?.LockedUntil ?? now + lockDuration };
        if (session is null)
        {
            _locks.Hold(message);
        }
        else
        {
            _locks.HoldForSession(message);
            session.LockTokens.Add(message.LockToken);
        }
        return message;
    }

    /// <returns>False if the lock is lost.</returns>
    public bool TryTake(Guid lockToken, [NotNullWhen(true)] out QueueMessage? message)
    {
        if (!_locks.TryTake(lockToken, out message))
            return false;
        Sessions.LockOf(message.SessionId)?.LockTokens.Remove(lockToken);
        message = Unlocked(message);
        return true;
    }

    public bool TryTakeExpired(DateTimeOffset now, [NotNullWhen(true)] out QueueMessage? message)
    {
        if (!_locks.TryTakeExpired(now, out message))
            return false;
        message = Unlocked(message);
        return true;
    }

    /// <summary>Takes all messages that the receiver of a session has not settled.</summary>
    public IReadOnlyList<QueueMessage> TakeAll(SessionLock session)
    {
        var messages = new List<QueueMessage>();
        foreach (var token in session.LockTokens)
        {
            if (_locks.TryTake(token, out var message))
                messages.Add(Unlocked(message));
        }
        session.LockTokens.Clear();
        return messages;
    }

    /// <returns>The time at which the lock now expires; null if it is lost.</returns>
    public DateTimeOffset? Renew(Guid lockToken, DateTimeOffset now)
    {
        var until = now + lockDuration;
        return _locks.TryRenew(lockToken, until) ? until : null;
    }

    /// <inheritdoc cref="Renew"/>
    public DateTimeOffset? RenewSession(string sessionId, DateTimeOffset now) =>
        Sessions.LockOf(sessionId) is { } session ? session.LockedUntil = now + lockDuration : null;

    /// <summary>The time at which the next lock of a message or session expires; null if there is no lock.</summary>
    public DateTimeOffset? NextExpiry() => new[] { _locks.NextExpiry(), Sessions.NextToExpire()?.LockedUntil }.Min();

    private static QueueMessage Unlocked(QueueMessage message) =>
        message with { LockToken = Guid.Empty, LockedUntil = default };
}
