namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A receiver's lock on a session and its messages. The lock of the queue guards this object.</summary>
internal sealed class SessionLock(string sessionId)
{
    /// <summary>Raised when the lock expires, inside the lock of the queue: a handler may only set a flag or queue work.</summary>
    public event Action? Lost;

    public string SessionId { get; } = sessionId;

    public DateTimeOffset LockedUntil { get; set; }

    /// <summary>The lock tokens of the messages that were received and not settled.</summary>
    public HashSet<Guid> LockTokens { get; } = [];

    public void RaiseLost() => Lost?.Invoke();
}
