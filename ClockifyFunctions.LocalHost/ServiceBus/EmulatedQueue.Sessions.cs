namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <content>Sessions: lines of messages that one receiver at a time holds.</content>
internal sealed partial class EmulatedQueue
{
    private readonly MessageSessions _sessions = new();

    /// <param name="sessionId">Null takes the unlocked session with the oldest message.</param>
    /// <returns>Null when that session is locked, or none has messages.</returns>
    public SessionLock? TryAcceptSession(string? sessionId)
    {
        lock (_gate)
        {
            var now = CatchUp();
            sessionId ??= _active.OldestSession(except: _sessions.IsLocked);
            if (sessionId is null || _sessions.IsLocked(sessionId))
                return null;
            var session = _sessions.Lock(sessionId, now + _options.LockDuration);
            SetTimer(now);
            return session;
        }
    }

    public async Task<SessionLock> AcceptNextSessionAsync(CancellationToken cancellationToken)
    {
        var arrival = new SemaphoreSlim(0);
        void OnArrived() => arrival.Release();
        Arrived += OnArrived;
        try
        {
            while (true)
            {
                if (TryAcceptSession(null) is { } session)
                    return session;
                await arrival.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Arrived -= OnArrived;
        }
    }

    /// <summary>The lock of a session, or null when nobody holds it now.</summary>
    public SessionLock? LockOfSession(string sessionId)
    {
        lock (_gate)
        {
            CatchUp();
            return _sessions.LockOf(sessionId);
        }
    }

    /// <returns>The new end of the lock, or null when it is lost.</returns>
    public DateTimeOffset? RenewSessionLock(string sessionId)
    {
        lock (_gate)
        {
            var now = CatchUp();
            if (_sessions.LockOf(sessionId) is not { } session)
                return null;
            session.LockedUntil = now + _options.LockDuration;
            SetTimer(now);
            return session.LockedUntil;
        }
    }

    /// <summary>Gives the session to the next receiver. Messages it had not settled return, and those deliveries do not count.</summary>
    public void ReleaseSession(SessionLock session)
    {
        lock (_gate)
        {
            var now = CatchUp();
            if (!_sessions.Unlock(session))
                return;
            foreach (var message in TakeLockedMessages(session))
                Return(message with { DeliveryCount = message.DeliveryCount - 1 });
            Arrived?.Invoke();
            SetTimer(now);
        }
    }

    public byte[]? SessionState(string sessionId)
    {
        lock (_gate)
            return _sessions.State(sessionId);
    }

    public void SetSessionState(string sessionId, byte[]? state)
    {
        lock (_gate)
            _sessions.SetState(sessionId, state);
    }

    private void ExpireSessionLocks(DateTimeOffset now)
    {
        while (_sessions.NextToExpire() is { } session && session.LockedUntil <= now)
        {
            _sessions.Unlock(session);
            foreach (var message in TakeLockedMessages(session))
                Return(message);
            session.RaiseLost();
            Arrived?.Invoke();
        }
    }

    private List<QueueMessage> TakeLockedMessages(SessionLock session)
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
}
