using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.RateLimiting;

/// <summary>Acquires the gate of a credential. Only one process holds it at a time.</summary>
internal sealed class GateKeeper(IGateStore store, AppSettings settings, TimeProvider time, ILogger<GateKeeper> log)
{
    /// <summary>The state for the next holder. Without this entry the gate was not released: its holder still sends, or was killed.</summary>
    internal const string StateEntry = "state";

    /// <summary>Written while the gate is held, for limits over long windows. See <see cref="Gate"/>.</summary>
    internal const string CheckpointEntry = "checkpoint", ReservedEntry = "reserved";

    internal const string SuspendedEntry = "suspended", SuspendedForEntry = "suspendedfor", HolderEntry = "holder";

    /// <summary>How often a process that has requested the gate tries to acquire it.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Tries to become the only sender for the credential.
    /// <list type="bullet">
    /// <item><see cref="GateEntry.Entered"/>: the caller sends, then releases the gate.</item>
    /// <item><see cref="GateEntry.Held"/>: another process is the sender. It finds the records of the caller, or sends a ticket when it releases the gate. The caller does nothing.</item>
    /// <item><see cref="GateEntry.Suspended"/>: the API refused the key, or there is no key. No process sends until the key changes or a person resumes the credential.</item>
    /// <item><see cref="GateEntry.Exhausted"/>: the next permit is due later than <see cref="Gate.LongestWait"/>. The caller comes back then.</item>
    /// </list>
    /// </summary>
    public async Task<GateEntry> EnterAsync(Credential credential, CancellationToken cancel)
    {
        if (credential.Unusable is { } unusable)
        {
            Instruments.CredentialSuspended.Set(credential.Name, 1);
            return new GateEntry.Suspended(unusable);
        }

        var leaseId = Guid.NewGuid().ToString();
        // The clock is read before the request, because the lease may begin at any moment between request and answer.
        var requestedAt = time.GetElapsedTime(0);
        if (await store.AcquireAsync(credential.Name, leaseId, settings.GateLeaseDuration, cancel) is not { } found) return new GateEntry.Held();
        if (SuspensionIn(found, credential) is { } reason)
        {
            await store.ReleaseAsync(credential.Name, leaseId, cancel);
            Instruments.CredentialSuspended.Set(credential.Name, 1);
            return new GateEntry.Suspended(reason);
        }

        Instruments.CredentialSuspended.Set(credential.Name, 0);
        var pacer = PacerFrom(found, credential);
        var now = time.GetElapsedTime(0);
        // Nothing is written here. A new state would make the history up to two seconds younger, and each caller that comes too early would delay the next permit.
        if (found.Entries.ContainsKey(StateEntry) && pacer.NextAt(now) - now is var wait && wait > Gate.LongestWait)
        {
            await store.ReleaseAsync(credential.Name, leaseId, cancel);
            return new GateEntry.Exhausted(wait);
        }

        var gate = new Gate(new GateLease(store, credential.Name, leaseId, settings.GateLeaseDuration, requestedAt, time, log), pacer, credential, time);
        // If this throws, the state of the last holder may be overwritten. Then the lease is left to end by itself, as after a crash.
        return await gate.OpenAsync(cancel) ? new GateEntry.Entered(gate) : new GateEntry.Held();
    }

    /// <summary>
    /// Acquires the gate ahead of its present holder, for a caller that must not wait until the drain ends. This method breaks the lease. The holder
    /// detects that at its next renewal, finishes the calls in flight and releases the gate. Afterwards the drain tries to acquire the gate again.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> fired first.</exception>
    public async Task<GateEntry> EnterAheadAsync(Credential credential, CancellationToken cancel)
    {
        var entry = await EnterAsync(credential, cancel);
        if (entry is not GateEntry.Held) return entry;
        await store.BreakAsync(credential.Name, cancel);
        using var timer = new PeriodicTimer(PollInterval, time);
        while (entry is GateEntry.Held && await timer.WaitForNextTickAsync(cancel)) entry = await EnterAsync(credential, cancel);
        return entry;
    }

    /// <summary>Ends a suspension.</summary>
    /// <returns>False when another process holds the gate; then the gate is not suspended.</returns>
    public async Task<bool> ResumeAsync(Credential credential, CancellationToken cancel)
    {
        if (await store.ReadAsync(credential.Name, cancel) is not { } found || SuspensionIn(found, credential) is null) return true;
        var entries = found.Entries.Where(entry => entry.Key is not (SuspendedEntry or SuspendedForEntry)).ToDictionary();
        return await store.WriteFreeAsync(credential.Name, found, entries, cancel);
    }

    /// <summary>Reads the state of the gate without entering it.</summary>
    public async Task<GateStatus> StatusAsync(Credential credential, CancellationToken cancel) =>
        credential.Unusable is { } unusable ? new GateStatus(null, unusable)
        : await store.ReadAsync(credential.Name, cancel) is { } found
            ? new GateStatus(found.Entries.GetValueOrDefault(HolderEntry), SuspensionIn(found, credential))
            : new GateStatus(null, null);

    /// <summary>A suspension is valid for the key that was refused. A new key of the same credential is not suspended.</summary>
    private static string? SuspensionIn(StoredGate found, Credential credential) =>
        found.Entries.TryGetValue(SuspendedEntry, out var reason) && found.Entries.GetValueOrDefault(SuspendedForEntry) == credential.Fingerprint
            ? Uri.UnescapeDataString(reason)
            : null;

    private Pacer PacerFrom(StoredGate found, Credential credential)
    {
        var pacer = new Pacer(credential.Limits);
        var now = time.GetElapsedTime(0);
        // A holder that was killed sent its last call at least half a margin before its lease ended, and the lease has ended.
        var latestUse = now - (GateLease.Margin(settings.GateLeaseDuration) / 2);
        if (PacerState.TryParse(found.Entries.GetValueOrDefault(StateEntry)) is { } left)
        {
            pacer.Restore(left, now, found.Elapsed);
        }
        else if (PacerState.TryParse(found.Entries.GetValueOrDefault(CheckpointEntry)) is { } checkpoint && int.TryParse(found.Entries.GetValueOrDefault(ReservedEntry), out var reserved))
        {
            // The holder may have used each of its reserved permits, at the latest possible moment.
            log.LogWarning("Gate {Credential}: the last holder did not release the gate. Its {Reserved} reserved calls count as made.", credential.Name, reserved);
            pacer.Restore(checkpoint, now, found.Elapsed);
            pacer.AssumeUsed(reserved, latestUse);
        }
        else
        {
            log.LogWarning("Gate {Credential}: the last holder did not release the gate. All its permits count as used.", credential.Name);
            pacer.AssumeUsed(int.MaxValue, latestUse);
        }

        return pacer;
    }
}
