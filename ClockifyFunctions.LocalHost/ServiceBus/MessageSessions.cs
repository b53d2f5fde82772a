namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>The locked sessions and the state that clients stored per session. Not thread safe; the lock of the queue guards it.</summary>
internal sealed class MessageSessions
{
    private readonly Dictionary<string, SessionLock> _locks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _states = new(StringComparer.Ordinal);

    public bool IsLocked(string sessionId) => _locks.ContainsKey(sessionId);

    public SessionLock? LockOf(string? sessionId) => sessionId is null ? null : _locks.GetValueOrDefault(sessionId);

    public bool Holds(SessionLock sessionLock) => LockOf(sessionLock.SessionId) == sessionLock;

    public SessionLock Lock(string sessionId, DateTimeOffset until) =>
        _locks[sessionId] = new SessionLock(sessionId) { LockedUntil = until };

    public bool Unlock(SessionLock sessionLock) => Holds(sessionLock) && _locks.Remove(sessionLock.SessionId);

    /// <summary>Examines all locks. There are at most as many as receivers.</summary>
    public SessionLock? NextToExpire() => _locks.Values.MinBy(sessionLock => sessionLock.LockedUntil);

    public byte[]? State(string sessionId) => _states.GetValueOrDefault(sessionId);

    /// <param name="state">Null removes it.</param>
    public void SetState(string sessionId, byte[]? state)
    {
        if (state is null)
            _states.Remove(sessionId);
        else
            _states[sessionId] = state;
    }
}
