using System.Collections.Concurrent;
using System.Globalization;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.RateLimiting;

/// <summary>
/// A gate that this process has entered: as long as it is not <see cref="Lost"/>, nobody else sends for the credential.
/// Pacing is local; storage is touched to renew the lease and to leave, never per call.
/// </summary>
/// <remarks>
/// Should this process vanish, its successor must not exceed a limit because of calls it knows nothing of. Short windows it simply
/// waits out. Over a long window (30 an hour) that would be too dear, so the history is written down from time to time together with a
/// number of permits <em>reserved</em>: no more than these are given before the next writing, and the successor counts them all as used.
/// </remarks>
internal sealed class Gate : IAsyncDisposable
{
    /// <summary>A holder does not wait for a permit that is farther off. The lowest limit that the settings take, one call in two minutes, stays below it.</summary>
    public static readonly TimeSpan FarOff = TimeSpan.FromSeconds(135);

    /// <summary>Windows up to this long are waited out after a crash; longer ones are checkpointed.</summary>
    private static readonly TimeSpan LongestWaitedOut = TimeSpan.FromSeconds(10);

    private readonly IGateStore _store;
    private readonly string _leaseId;
    private readonly Pacer _pacer;
    private readonly Credential _credential;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    /// <summary>First come, first served, by server: a call that must wait because of the lateness at its server delays no call to another.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);
    private readonly Lock _pacing = new();
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _knocked = new(), _exhausted = new(), _suspended = new(), _leaving = new();
    private readonly int _reservation;
    private Task _renewal = Task.CompletedTask;
    private TimeSpan _safeUntil, _exhaustedUntil;
    private int _reserved, _given;
    private string? _suspension;

    public Gate(IGateStore store, string leaseId, Pacer pacer, Credential credential, TimeSpan duration, TimeSpan asked, TimeProvider time, ILogger log)
    {
        (_store, _leaseId, _pacer, _credential, _duration, _time, _log) = (store, leaseId, pacer, credential, duration, time, log);
        _safeUntil = SafeUntil(asked);
        _lost = new CancellationTokenSource(UntilLost, time);
        var longWindows = credential.Limits.Where(window => window.Period > LongestWaitedOut).ToArray();
        // As many as one renewal interval can use: one more writing per renewal, then, and none per call.
        _reservation = longWindows.Length == 0 ? 0 : Math.Clamp((int)Math.Ceiling(credential.Limits.Max(window => window.PerSecond) * RenewalInterval.TotalSeconds), 1, longWindows.Min(window => window.Permits));
    }

    /// <summary>Cancelled when the lease is gone or about to end: what has not left by then must not leave any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Cancelled when somebody asks to be let in for a moment: finish what is in flight, leave, and come back.</summary>
    public CancellationToken Knocked => _knocked.Token;

    /// <summary>Cancelled when a permit is wanted that is <see cref="FarOff"/>.</summary>
    public CancellationToken Exhausted => _exhausted.Token;

    /// <summary>Until that permit could be had.</summary>
    public TimeSpan ExhaustedFor => _exhaustedUntil - Now is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Cancelled when the API refused the key.</summary>
    public CancellationToken Suspended => _suspended.Token;

    /// <summary>Marks the gate as held and starts to renew; false when the lease is gone already.</summary>
    public async Task<bool> OpenAsync(CancellationToken cancel)
    {
        if (!await CheckpointAsync(cancel)) return false;
        _renewal = RenewAsync();
        return true;
    }

    /// <summary>Waits for the right to make one call; every call needs one, retries and read-backs included.</summary>
    /// <exception cref="OperationCanceledException">The gate is lost, <paramref name="cancel"/> fired, or the permit is <see cref="FarOff"/>: make no call.</exception>
    /// <param name="host">The server that the call is for.</param>
    public ValueTask<Permit> PermitAsync(CancellationToken cancel, string host = "") =>
        TakeAtOnce(host, cancel) is { } permit ? new(permit) : new(WaitForPermitAsync(host, cancel));

    /// <summary>Where nobody waits and none need be waited for, which is cheap to find out; else null.</summary>
    private Permit? TakeAtOnce(string host, CancellationToken cancel)
    {
        var turn = _turns.GetOrAdd(host, static _ => new SemaphoreSlim(1));
        if (!turn.Wait(TimeSpan.Zero, CancellationToken.None)) return null;
        try
        {
            return TryTake(host, Now, cancel, out _);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Permit> WaitForPermitAsync(string host, CancellationToken cancel)
    {
        var turn = _turns[host];
        using var either = cancel.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancel, Lost) : null;
        var stop = either?.Token ?? Lost;
        var asked = Now;
        await turn.WaitAsync(stop);
        try
        {
            while (true)
            {
                if (TryTake(host, asked, stop, out var wait) is { } permit) return permit;
                if (wait > TimeSpan.Zero) await DelayAsync(wait, stop);
                else if (!await CheckpointAsync(stop)) await _lost.CancelAsync();
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <returns>Null when it is to be asked for again, after <paramref name="wait"/> or, if that is zero, a checkpoint.</returns>
    private Permit? TryTake(string host, TimeSpan asked, CancellationToken stop, out TimeSpan wait)
    {
        lock (_pacing)
        {
            var now = Now;
            stop.ThrowIfCancellationRequested();
            Lost.ThrowIfCancellationRequested();
            // With the lease near its end nothing leaves until it is renewed, or lost.
            wait = now < _safeUntil ? _pacer.NextAt(now, host) - now : RetryInterval;
            if (wait > TimeSpan.Zero || (_reservation > 0 && _reserved <= 0)) return null;
            _reserved--;
            _given++;
            Instruments.Permits.Add(1, new KeyValuePair<string, object?>(Instruments.Credential, _credential.Name));
            Instruments.PermitWait.Record((now - asked).TotalSeconds, new KeyValuePair<string, object?>(Instruments.Credential, _credential.Name));
            return _pacer.Take(now, host);
        }
    }

    private async Task DelayAsync(TimeSpan wait, CancellationToken stop)
    {
        if (wait > FarOff)
        {
            lock (_pacing)
                if (!_exhausted.IsCancellationRequested) _exhaustedUntil = Now + wait;
            await _exhausted.CancelAsync();
            throw new OperationCanceledException(Exhausted);
        }

        await Task.Delay(wait, _time, stop);
    }

    /// <summary>Tells the gate that the permit's call was answered or given up, which bounds when it arrived.</summary>
    public void Completed(Permit permit)
    {
        lock (_pacing) _pacer.Completed(permit, Now);
    }

    /// <summary>Tells the gate that no call is made with the permit.</summary>
    public void GivenUp(Permit permit)
    {
        lock (_pacing) Pacer.GivenUp(permit);
    }

    /// <summary>The API answered 429: the whole key pauses.</summary>
    public void Penalise(TimeSpan pause)
    {
        lock (_pacing) _pacer.Penalise(Now, pause);
    }

    /// <summary>The API refuses the key: once this gate is left nobody enters until the key changes or a person resumes it.</summary>
    public void Suspend(string reason)
    {
        Interlocked.CompareExchange(ref _suspension, reason, null);
        Instruments.CredentialSuspended.Set(_credential.Name, 1);
        _suspended.Cancel();
    }

    /// <summary>Leaves: writes the state under the lease, so that a late writer changes nothing, and opens the gate.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _renewal;
        try
        {
            if (!Lost.IsCancellationRequested && await _store.WriteAsync(_credential.Name, _leaseId, StateToLeave(), CancellationToken.None))
                await _store.ReleaseAsync(_credential.Name, _leaseId, CancellationToken.None);
        }
        catch (Exception failed)
        {
            // The successor finds no state and is careful; the lease ends by itself.
            _log.LogWarning("Gate {Credential}: could not be handed over ({Error}); it opens when its lease ends.", _credential.Name, failed.Message);
        }

        _lost.Dispose();
        _knocked.Dispose();
        _exhausted.Dispose();
        _suspended.Dispose();
        _leaving.Dispose();
        foreach (var turn in _turns.Values) turn.Dispose();
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    private TimeSpan RenewalInterval => _duration / 4;

    /// <summary>Until storage that did not answer is asked again.</summary>
    private TimeSpan RetryInterval => _duration / 15;

    /// <summary>No permit is given this long before the lease could end; what was given leave has half of that to be answered, or is given up. A successor counts on it.</summary>
    public static TimeSpan Margin(TimeSpan duration) => duration / 5;

    private TimeSpan SafeUntil(TimeSpan asked) => asked + _duration - Margin(_duration);

    private TimeSpan UntilLost => _safeUntil + (Margin(_duration) / 2) - Now is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Says "held", and for long windows what has been used and what is reserved; false when the lease is gone.</summary>
    private async Task<bool> CheckpointAsync(CancellationToken cancel)
    {
        var entries = new Dictionary<string, string> { [GateKeeper.HolderEntry] = $"{Environment.MachineName}-{Environment.ProcessId}" };
        if (_reservation > 0)
        {
            lock (_pacing) entries[GateKeeper.CheckpointEntry] = _pacer.Save(Now).Format();
            entries[GateKeeper.ReservedEntry] = _reservation.ToString(CultureInfo.InvariantCulture);
        }

        if (!await _store.WriteAsync(_credential.Name, _leaseId, entries, cancel)) return false;
        lock (_pacing) _reserved = _reservation;
        return true;
    }

    private Dictionary<string, string> StateToLeave()
    {
        lock (_pacing)
        {
            var entries = new Dictionary<string, string> { [GateKeeper.StateEntry] = _pacer.Save(Now).Format() };
            if (_suspension is { } reason)
            {
                entries[GateKeeper.SuspendedEntry] = Uri.EscapeDataString(reason);
                entries[GateKeeper.SuspendedForEntry] = _credential.Fingerprint;
            }

            return entries;
        }
    }

    /// <summary>The part of the permitted rate that was used since <paramref name="since"/>.</summary>
    private void NoteUse(TimeSpan since)
    {
        lock (_pacing)
        {
            var permitted = _credential.Limits.Min(window => window.PerSecond) * (Now - since).TotalSeconds;
            if (permitted > 0) Instruments.GateUtilization.Set(_credential.Name, _given / permitted);
            _given = 0;
        }
    }

    private async Task RenewAsync()
    {
        var pause = RenewalInterval;
        var since = Now;
        while (true)
        {
            await Task.Delay(pause, _time, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            NoteUse(since);
            since = Now;
            if (_leaving.IsCancellationRequested) return;
            var asked = Now;
            if (Lost.IsCancellationRequested)
            {
                _log.LogWarning("Gate {Credential}: not renewed in time; sending stops.", _credential.Name);
                return;
            }

            try
            {
                using var patience = new CancellationTokenSource(RenewalInterval, _time);
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token, patience.Token);
                switch (await _store.RenewAsync(_credential.Name, _leaseId, attempt.Token))
                {
                    case LeaseStatus.Ours:
                        lock (_pacing) _safeUntil = SafeUntil(asked);
                        _lost.CancelAfter(UntilLost);
                        pause = RenewalInterval;
                        break;
                    case LeaseStatus.Breaking:
                        await _knocked.CancelAsync();
                        pause = RenewalInterval; // It runs to its end: being asked to leave is not being late.
                        break;
                    default:
                        _log.LogWarning("Gate {Credential}: lost; sending stops.", _credential.Name);
                        await _lost.CancelAsync();
                        return;
                }
            }
            catch (Exception)
            {
                // Storage does not answer, or the token for it is not to be had: the lease still runs, so go on, and ask again soon.
                pause = RetryInterval;
            }
        }
    }
}
