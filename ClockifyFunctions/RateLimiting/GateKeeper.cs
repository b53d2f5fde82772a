using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.RateLimiting;

/// <summary>Lets one process at a time through the gate of a credential.</summary>
internal sealed class GateKeeper(IGateStore store, AppSettings settings, TimeProvider time, ILogger<GateKeeper> log)
{
    /// <summary>Written on leaving. A gate without it was not left: its holder still sends, or vanished.</summary>
    internal const string StateEntry = "state";

    /// <summary>Written while holding, for limits over long windows: see <see cref="Gate"/>.</summary>
    internal const string CheckpointEntry = "checkpoint", ReservedEntry = "reserved";

    internal const string SuspendedEntry = "suspended", SuspendedForEntry = "suspendedfor", HolderEntry = "holder";

    /// <summary>How often a knocking process asks whether the gate is open by now.</summary>
    private static readonly TimeSpan KnockInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Tries to become the only sender for the credential.
    /// <list type="bullet">
    /// <item><see cref="GateEntry.Entered"/>: send, then leave the gate.</item>
    /// <item><see cref="GateEntry.Held"/>: somebody else is the sender, and sees your records or leaves a ticket when it leaves; do nothing.</item>
    /// <item><see cref="GateEntry.Suspended"/>: the API refused the key, or there is none; send nothing until it changes or a person resumes it.</item>
    /// <item><see cref="GateEntry.Exhausted"/>: the next permit is far off; come back then.</item>
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
        // The clock is read before the request: when the answer arrives the lease may already be this much older.
        var asked = time.GetElapsedTime(0);
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
        // Nothing is written: to enter and leave costs a key up to two seconds of its history, and who only looks must not take them.
        if (found.Entries.ContainsKey(StateEntry) && pacer.NextAt(now) - now is var wait && wait > Gate.FarOff)
        {
            await store.ReleaseAsync(credential.Name, leaseId, cancel);
            return new GateEntry.Exhausted(wait);
        }

        var gate = new Gate(store, leaseId, pacer, credential, settings.GateLeaseDuration, asked, time, log);
        // Should this throw, the last holder's state may be gone: then the lease has to run out, as after a crash.
        return await gate.OpenAsync(cancel) ? new GateEntry.Entered(gate) : new GateEntry.Held();
    }

    /// <summary>
    /// For somebody who waits in front of a screen: if the gate is held, asks the holder to step aside for a moment. The holder
    /// notices at its next renewal, finishes what is in flight and leaves; it comes back by itself.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> fired first.</exception>
    public async Task<GateEntry> KnockAsync(Credential credential, CancellationToken cancel)
    {
        var entry = await EnterAsync(credential, cancel);
        if (entry is not GateEntry.Held) return entry;
        await store.BreakAsync(credential.Name, cancel);
        using var timer = new PeriodicTimer(KnockInterval, time);
        while (entry is GateEntry.Held && await timer.WaitForNextTickAsync(cancel)) entry = await EnterAsync(credential, cancel);
        return entry;
    }

    /// <summary>Ends a suspension by hand; false when somebody is just using the gate, which is then not suspended.</summary>
    public async Task<bool> ResumeAsync(Credential credential, CancellationToken cancel)
    {
        if (await store.ReadAsync(credential.Name, cancel) is not { } found || SuspensionIn(found, credential) is null) return true;
        var entries = found.Entries.Where(entry => entry.Key is not (SuspendedEntry or SuspendedForEntry)).ToDictionary();
        return await store.WriteFreeAsync(credential.Name, found, entries, cancel);
    }

    /// <summary>What is to be seen of the gate from outside.</summary>
    public async Task<GateStatus> StatusAsync(Credential credential, CancellationToken cancel) =>
        credential.Unusable is { } unusable ? new GateStatus(null, unusable)
        : await store.ReadAsync(credential.Name, cancel) is { } found
            ? new GateStatus(found.Entries.GetValueOrDefault(HolderEntry), SuspensionIn(found, credential))
            : new GateStatus(null, null);

    /// <summary>A suspension counts for the key that was refused, not for its successor.</summary>
    private static string? SuspensionIn(StoredGate found, Credential credential) =>
        found.Entries.TryGetValue(SuspendedEntry, out var reason) && found.Entries.GetValueOrDefault(SuspendedForEntry) == credential.Fingerprint
            ? Uri.UnescapeDataString(reason)
            : null;

    private Pacer PacerFrom(StoredGate found, Credential credential)
    {
        var pacer = new Pacer(credential.Limits);
        var now = time.GetElapsedTime(0);
        // A holder that did not leave has stopped a margin before its lease ended, and the lease has ended: part of the waiting is done.
        var latestUse = now - (Gate.Margin(settings.GateLeaseDuration) / 2);
        if (PacerState.TryParse(found.Entries.GetValueOrDefault(StateEntry)) is { } left)
        {
            pacer.Restore(left, now, found.Elapsed);
        }
        else if (PacerState.TryParse(found.Entries.GetValueOrDefault(CheckpointEntry)) is { } checkpoint && int.TryParse(found.Entries.GetValueOrDefault(ReservedEntry), out var reserved))
        {
            // It vanished: what it had reserved, it may have used, as late as it could.
            log.LogWarning("Gate {Credential}: the last holder vanished; its reserved {Reserved} calls count as made.", credential.Name, reserved);
            pacer.Restore(checkpoint, now, found.Elapsed);
            pacer.AssumeUsed(reserved, latestUse);
        }
        else
        {
            log.LogWarning("Gate {Credential}: the last holder vanished; all its permits count as used.", credential.Name);
            pacer.AssumeUsed(int.MaxValue, latestUse);
        }

        return pacer;
    }
}
