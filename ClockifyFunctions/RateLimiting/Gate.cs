using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.RateLimiting;

/// <summary>
/// A gate that this process has entered: as long as it is not <see cref="Lost"/>, nobody else sends for the credential.
/// Pacing is local; storage is touched to renew the lease and to leave, never per call.
/// </summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly BlobClient _blob;
    private readonly BlobLeaseClient _lease;
    private readonly Pacer _pacer;
    private readonly Credential _credential;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _pacing = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly Task _renewal;
    private TimeSpan _safeUntil;
    private string? _suspension;

    public Gate(BlobClient blob, BlobLeaseClient lease, Pacer pacer, Credential credential, TimeSpan duration, long asked, TimeProvider time, ILogger log)
    {
        (_blob, _lease, _pacer, _credential, _duration, _time, _log) = (blob, lease, pacer, credential, duration, time, log);
        _safeUntil = SafeUntil(time.GetElapsedTime(0, asked));
        _renewal = RenewAsync();
    }

    /// <summary>Cancelled when the lease is gone or can no longer be trusted: send nothing more, do not leave a state.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether the API refused the key while this gate was held.</summary>
    public bool IsSuspended => _suspension is not null;

    /// <summary>Waits for the right to make one call; every call needs one, retries and read-backs included.</summary>
    /// <exception cref="OperationCanceledException">The gate is lost or <paramref name="cancel"/> fired: make no call.</exception>
    public async Task<Permit> PermitAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, Lost);
        await _turn.WaitAsync(either.Token);
        try
        {
            while (true)
            {
                either.Token.ThrowIfCancellationRequested();
                TimeSpan wait;
                lock (_pacing)
                {
                    var now = Now;
                    if (now >= _safeUntil) _lost.Cancel();
                    either.Token.ThrowIfCancellationRequested();
                    wait = _pacer.NextAt(now) - now;
                    if (wait <= TimeSpan.Zero) return _pacer.Take(now);
                }

                await Task.Delay(wait, _time, either.Token);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Tells the gate that the permit's call was answered or given up, which bounds when it arrived.</summary>
    public void Completed(Permit permit)
    {
        lock (_pacing) _pacer.Completed(permit, Now);
    }

    /// <summary>The API answered 429: the whole key pauses.</summary>
    public void Penalise(TimeSpan pause)
    {
        lock (_pacing) _pacer.Penalise(Now, pause);
    }

    /// <summary>The API refuses the key: once this gate is left nobody enters until the key changes or a person resumes it.</summary>
    public void Suspend(string reason) => Interlocked.CompareExchange(ref _suspension, reason, null);

    /// <summary>Hands the gate over: writes the state under the lease id, so that storage refuses it if the lease is no longer ours.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _renewal;
        if (!Lost.IsCancellationRequested)
        {
            try
            {
                await _blob.SetMetadataAsync(StateToLeave(), new BlobRequestConditions { LeaseId = _lease.LeaseId });
                await _lease.ReleaseAsync();
            }
            catch (RequestFailedException failed)
            {
                // The successor finds no state and is careful; the lease ends by itself.
                _log.LogWarning("Gate {Credential}: could not be handed over ({Error}); it opens when its lease ends.", _credential.Name, failed.ErrorCode);
            }
        }

        _lost.Dispose();
        _leaving.Dispose();
        _turn.Dispose();
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    private Dictionary<string, string> StateToLeave()
    {
        lock (_pacing)
        {
            var metadata = new Dictionary<string, string> { [GateKeeper.StateKey] = _pacer.Save(Now).Format() };
            if (_suspension is { } reason)
            {
                metadata[GateKeeper.SuspendedKey] = Uri.EscapeDataString(reason);
                metadata[GateKeeper.SuspendedForKey] = _credential.Fingerprint;
            }

            return metadata;
        }
    }

    /// <summary>Sending stops a margin before the lease could end, because a call given leave now arrives later.</summary>
    private TimeSpan SafeUntil(TimeSpan asked) => asked + _duration - (_duration / 5);

    private async Task RenewAsync()
    {
        var interval = _duration / 3;
        var pause = interval;
        while (!_leaving.IsCancellationRequested)
        {
            await Task.Delay(pause, _time, _leaving.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            if (_leaving.IsCancellationRequested) return;
            var asked = Now;
            if (asked >= _safeUntil)
            {
                _log.LogWarning("Gate {Credential}: not renewed in time; sending stops.", _credential.Name);
                await _lost.CancelAsync();
                return;
            }

            try
            {
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
                attempt.CancelAfter(interval);
                await _lease.RenewAsync(cancellationToken: attempt.Token);
                lock (_pacing) _safeUntil = SafeUntil(asked);
                pause = interval;
            }
            catch (RequestFailedException refused) when (refused.Status is 404 or 409 or 412)
            {
                _log.LogWarning("Gate {Credential}: lost ({Error}); sending stops.", _credential.Name, refused.ErrorCode);
                await _lost.CancelAsync();
                return;
            }
            catch (Exception transient) when (transient is RequestFailedException or OperationCanceledException or AggregateException)
            {
                // Storage does not answer: the lease still runs, so go on, and ask again soon.
                pause = _duration / 15;
            }
        }
    }
}
