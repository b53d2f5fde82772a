namespace ClockifyFunctions.RateLimiting;

/// <summary>The blob lease behind a <see cref="Gate"/>. It is renewed every quarter of its duration until it is released or lost.</summary>
/// <remarks>
/// The monotonic clock is read before each acquire and renew request, so the lease ends in the store no earlier than this process assumes.
/// No permit is issued in the last fifth of the lease (<see cref="Margin"/>). A call that left before has half of that time to be answered and is then cancelled.
/// </remarks>
internal sealed class GateLease : IAsyncDisposable
{
    private readonly IGateStore _store;
    private readonly string _credential, _id;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _lost, _yield = new(), _leaving = new();
    private Task _renewal = Task.CompletedTask;
    private long _safeUntil;

    /// <param name="credential">The name of the credential, which is the name of the gate in the store.</param>
    /// <param name="id">The id of the acquired lease.</param>
    /// <param name="duration">The requested duration; 15 to 60 s.</param>
    /// <param name="requestedAt">The monotonic time before the acquire request.</param>
    public GateLease(IGateStore store, string credential, string id, TimeSpan duration, TimeSpan requestedAt, TimeProvider time, ILogger log)
    {
        (_store, _credential, _id, _duration, _time, _log) = (store, credential, id, duration, time, log);
        SetEnd(requestedAt);
        _lost = new CancellationTokenSource(UntilLost, time);
    }

    /// <summary>Cancelled when the lease is gone or about to end. A call that has not left by then must not leave.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Cancelled when another process asks for the gate: the holder finishes the calls in flight and releases the lease.</summary>
    public CancellationToken YieldRequested => _yield.Token;

    public TimeSpan RenewalInterval => _duration / 4;

    /// <summary>The pause after a request that the store did not answer.</summary>
    public TimeSpan RetryInterval => _duration / 15;

    /// <summary>The time before the end of the lease in which no permit is issued. A new holder relies on it.</summary>
    public static TimeSpan Margin(TimeSpan duration) => duration / 5;

    /// <summary>Whether a permit may be issued at this monotonic time.</summary>
    public bool IsSafeAt(TimeSpan now) => now.Ticks < Interlocked.Read(ref _safeUntil);

    /// <returns>False when the lease is gone; then nothing was written.</returns>
    public Task<bool> WriteAsync(IReadOnlyDictionary<string, string> entries, CancellationToken cancel) => _store.WriteAsync(_credential, _id, entries, cancel);

    /// <param name="interval">Called at each renewal interval.</param>
    public void StartRenewing(Action interval) => _renewal = RenewAsync(interval);

    /// <summary>Declares the lease lost. The store refused to write under it.</summary>
    public Task LoseAsync() => _lost.CancelAsync();

    /// <summary>Stops the renewal, writes the state for the next holder under the lease, and releases the lease.</summary>
    public async Task ReleaseAsync(Func<IReadOnlyDictionary<string, string>> state)
    {
        await StopRenewingAsync();
        try
        {
            if (!Lost.IsCancellationRequested && await WriteAsync(state(), CancellationToken.None)) await _store.ReleaseAsync(_credential, _id, CancellationToken.None);
        }
        catch (Exception failed)
        {
            // The next holder finds no state, waits for the end of the lease, and counts all permits as used.
            _log.LogWarning("Gate {Credential}: the lease could not be released ({Error}). The gate opens when the lease ends.", _credential, failed.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopRenewingAsync();
        _lost.Dispose();
        _yield.Dispose();
        _leaving.Dispose();
    }

    private async Task StopRenewingAsync()
    {
        await _leaving.CancelAsync();
        await _renewal;
    }

    private async Task RenewAsync(Action interval)
    {
        var pause = RenewalInterval;
        while (true)
        {
            await Task.Delay(pause, _time, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            interval();
            if (_leaving.IsCancellationRequested) return;
            if (Lost.IsCancellationRequested)
            {
                _log.LogWarning("Gate {Credential}: the lease was not renewed in time. Sending stops.", _credential);
                return;
            }

            try
            {
                switch (await RenewOnceAsync())
                {
                    case LeaseStatus.Lost:
                        _log.LogWarning("Gate {Credential}: the lease is lost. Sending stops.", _credential);
                        await LoseAsync();
                        return;
                    case LeaseStatus.Breaking:
                        await _yield.CancelAsync();
                        break;
                }

                pause = RenewalInterval;
            }
            catch (Exception)
            {
                // The store or the identity provider does not answer. The lease still runs.
                pause = RetryInterval;
            }
        }
    }

    private async Task<LeaseStatus> RenewOnceAsync()
    {
        var requestedAt = _time.GetElapsedTime(0);
        using var patience = new CancellationTokenSource(RenewalInterval, _time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token, patience.Token);
        var status = await _store.RenewAsync(_credential, _id, attempt.Token);
        if (status != LeaseStatus.Ours) return status;
        SetEnd(requestedAt);
        _lost.CancelAfter(UntilLost);
        return status;
    }

    private void SetEnd(TimeSpan requestedAt) => Interlocked.Exchange(ref _safeUntil, (requestedAt + _duration - Margin(_duration)).Ticks);

    private TimeSpan UntilLost
    {
        get
        {
            var left = TimeSpan.FromTicks(Interlocked.Read(ref _safeUntil)) + (Margin(_duration) / 2) - _time.GetElapsedTime(0);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
