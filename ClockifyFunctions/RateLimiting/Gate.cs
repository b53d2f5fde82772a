using System.Collections.Concurrent;
using System.Globalization;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.RateLimiting;

/// <summary>
/// The gate of a credential, held by this process. Until it is <see cref="Lost"/>, no other process sends with the key.
/// Permits are issued from memory. Storage is used to renew and to release the lease, not per call.
/// </summary>
/// <remarks>
/// If this process is killed, the next holder does not know its last calls but must not exceed a limit because of them. It waits until windows of at
/// most 10 s are over. For longer windows (30 calls per hour), the gate writes a checkpoint: the call history, and a number of <em>reserved</em> permits.
/// The gate issues no more than the reserved permits before it writes the next checkpoint, and a next holder counts all reserved permits as used.
/// </remarks>
internal sealed class Gate : IAsyncDisposable
{
    /// <summary>A caller does not wait longer than this for a permit. The lowest limit that the settings accept, one call in two minutes, stays below it.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(135);

    /// <summary>After a crash, the next holder waits until windows of this length are over. Longer windows have checkpoints.</summary>
    private static readonly TimeSpan LongestWindowWithoutCheckpoint = TimeSpan.FromSeconds(10);

    private readonly GateLease _lease;
    private readonly Pacer _pacer;
    private readonly Credential _credential;
    private readonly TimeProvider _time;
    private readonly int _reservation;

    /// <summary>One queue of callers per API host, because a call that the pacer delays on account of one host must not delay calls to another.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _queues = new(StringComparer.Ordinal);
    private readonly Lock _pacing = new();
    private readonly CancellationTokenSource _exhausted = new(), _suspended = new();
    private TimeSpan _exhaustedUntil, _measuredSince;
    private int _reserved, _issued;
    private string? _suspension;

    public Gate(GateLease lease, Pacer pacer, Credential credential, TimeProvider time)
    {
        (_lease, _pacer, _credential, _time) = (lease, pacer, credential, time);
        _measuredSince = Now;
        var longWindows = credential.Limits.Where(window => window.Period > LongestWindowWithoutCheckpoint).ToArray();
        // As many permits as one renewal interval can use, so that checkpoints cost about one write per renewal.
        _reservation = longWindows.Length == 0 ? 0 : Math.Clamp((int)Math.Ceiling(credential.Limits.Max(window => window.PerSecond) * lease.RenewalInterval.TotalSeconds), 1, longWindows.Min(window => window.Permits));
    }

    /// <inheritdoc cref="GateLease.Lost"/>
    public CancellationToken Lost => _lease.Lost;

    /// <inheritdoc cref="GateLease.YieldRequested"/>
    public CancellationToken YieldRequested => _lease.YieldRequested;

    /// <summary>Cancelled when the next permit is farther away than <see cref="LongestWait"/>.</summary>
    public CancellationToken Exhausted => _exhausted.Token;

    /// <summary>The time until the next permit, once the gate is <see cref="Exhausted"/>.</summary>
    public TimeSpan ExhaustedFor => _exhaustedUntil - Now is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Cancelled when the API refused the key.</summary>
    public CancellationToken Suspended => _suspended.Token;

    /// <summary>Writes the first checkpoint and starts to renew the lease.</summary>
    /// <returns>False when the lease is gone.</returns>
    public async Task<bool> OpenAsync(CancellationToken cancel)
    {
        if (!await CheckpointAsync(cancel)) return false;
        _lease.StartRenewing(MeasureUtilization);
        return true;
    }

    /// <summary>Waits for the right to make one call. Each HTTP call needs one, repetitions and searches included.</summary>
    /// <param name="host">The API host that the call is for.</param>
    /// <exception cref="OperationCanceledException">The gate is lost or exhausted, or <paramref name="cancel"/> fired: make no call.</exception>
    public ValueTask<Permit> PermitAsync(CancellationToken cancel, string host = "") =>
        TakeAtOnce(host, cancel) is { } permit ? new(permit) : new(WaitForPermitAsync(host, cancel));

    /// <returns>Null when another caller waits, or when the permit is not due yet.</returns>
    private Permit? TakeAtOnce(string host, CancellationToken cancel)
    {
        var queue = _queues.GetOrAdd(host, static _ => new SemaphoreSlim(1));
        if (!queue.Wait(TimeSpan.Zero, CancellationToken.None)) return null;
        try
        {
            return TryTake(host, Now, cancel, out _);
        }
        finally
        {
            queue.Release();
        }
    }

    private async Task<Permit> WaitForPermitAsync(string host, CancellationToken cancel)
    {
        var queue = _queues[host];
        using var either = cancel.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancel, Lost) : null;
        var stop = either?.Token ?? Lost;
        var requestedAt = Now;
        await queue.WaitAsync(stop);
        try
        {
            while (true)
            {
                if (TryTake(host, requestedAt, stop, out var wait) is { } permit) return permit;
                if (wait > TimeSpan.Zero) await DelayAsync(wait, stop);
                else if (!await CheckpointAsync(stop)) await _lease.LoseAsync();
            }
        }
        finally
        {
            queue.Release();
        }
    }

    /// <returns>Null when the permit is due after <paramref name="wait"/>, or, if that is zero, after a checkpoint.</returns>
    private Permit? TryTake(string host, TimeSpan requestedAt, CancellationToken stop, out TimeSpan wait)
    {
        lock (_pacing)
        {
            var now = Now;
            stop.ThrowIfCancellationRequested();
            Lost.ThrowIfCancellationRequested();
            // Near the end of the lease, callers wait until the lease is renewed or lost.
            wait = _lease.IsSafeAt(now) ? _pacer.NextAt(now, host) - now : _lease.RetryInterval;
            if (wait > TimeSpan.Zero || (_reservation > 0 && _reserved <= 0)) return null;
            _reserved--;
            _issued++;
            Instruments.Permits.Add(1, new KeyValuePair<string, object?>(Instruments.Credential, _credential.Name));
            Instruments.PermitWait.Record((now - requestedAt).TotalSeconds, new KeyValuePair<string, object?>(Instruments.Credential, _credential.Name));
            return _pacer.Take(now, host);
        }
    }

    private async Task DelayAsync(TimeSpan wait, CancellationToken stop)
    {
        if (wait > LongestWait)
        {
            lock (_pacing)
                if (!_exhausted.IsCancellationRequested) _exhaustedUntil = Now + wait;
            await _exhausted.CancelAsync();
            throw new OperationCanceledException(Exhausted);
        }

        await Task.Delay(wait, _time, stop);
    }

    /// <summary>The call of the permit was answered or cancelled now, so it did not arrive later than now.</summary>
    public void Completed(Permit permit)
    {
        lock (_pacing) _pacer.Completed(permit, Now);
    }

    /// <summary>The API answered 429. No call leaves for the given time.</summary>
    public void Pause(TimeSpan pause)
    {
        lock (_pacing) _pacer.Pause(Now, pause);
    }

    /// <summary>The API refused the key. After this gate is released, no process enters it until the key changes or a person resumes the credential.</summary>
    public void Suspend(string reason)
    {
        Interlocked.CompareExchange(ref _suspension, reason, null);
        Instruments.CredentialSuspended.Set(_credential.Name, 1);
        _suspended.Cancel();
    }

    /// <summary>Writes the state for the next holder and releases the lease.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lease.ReleaseAsync(State);
        await _lease.DisposeAsync();
        _exhausted.Dispose();
        _suspended.Dispose();
        foreach (var queue in _queues.Values) queue.Dispose();
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Writes who holds the gate, and for long windows the history and the reserved permits.</summary>
    /// <returns>False when the lease is gone.</returns>
    private async Task<bool> CheckpointAsync(CancellationToken cancel)
    {
        var entries = new Dictionary<string, string> { [GateKeeper.HolderEntry] = $"{Environment.MachineName}-{Environment.ProcessId}" };
        if (_reservation > 0)
        {
            lock (_pacing) entries[GateKeeper.CheckpointEntry] = _pacer.Save(Now).Format();
            entries[GateKeeper.ReservedEntry] = _reservation.ToString(CultureInfo.InvariantCulture);
        }

        if (!await _lease.WriteAsync(entries, cancel)) return false;
        lock (_pacing) _reserved = _reservation;
        return true;
    }

    private Dictionary<string, string> State()
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

    /// <summary>Records which part of the permitted rate was used since the last measurement.</summary>
    private void MeasureUtilization()
    {
        lock (_pacing)
        {
            var permitted = _credential.Limits.Min(window => window.PerSecond) * (Now - _measuredSince).TotalSeconds;
            if (permitted > 0) Instruments.GateUtilization.Set(_credential.Name, _issued / permitted);
            (_issued, _measuredSince) = (0, Now);
        }
    }
}
