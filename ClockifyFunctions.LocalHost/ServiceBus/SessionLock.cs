namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A receiver's hold on a session, and with it on the session's messages. The queue's lock guards it.</summary>
internal sealed class SessionLock(string sessionId)
{
    /// <summary>The lock ran out. Raised inside the queue's lock: a handler may only set a flag or queue work.</summary>
    public event Action? Lost;

    public string SessionId { get; } = sessionId;

    public DateTimeOffset LockedUntil { get; set; }

    /// <summary>Of the messages received and not yet settled.</summary>
    public HashSet<Guid> LockTokens { get; } = [];

    public void RaiseLost() => Lost?.Invoke();
}
