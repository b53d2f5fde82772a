using Azure;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Maintenance;

/// <summary>The result of a removal.</summary>
internal enum Removal
{
    Done,

    /// <summary>Records wait in the backlog.</summary>
    RecordsWait,

    /// <summary>Records are in the quarantine.</summary>
    InQuarantine,

    /// <summary>Another process has changed the destination meanwhile.</summary>
    Changed,
}

/// <summary>Removes a destination and all stored data of its records: backlog, journal, links, runs and quarantine.</summary>
internal sealed class DestinationRemoval(DestinationStore destinations, Backlogs backlogs, QuarantineStore quarantine, InteractiveCalls calls, CredentialStore credentials)
{
    /// <param name="expected">The version to remove.</param>
    /// <param name="force">Whether to discard the records in the backlog and in the quarantine.</param>
    /// <exception cref="InteractiveCalls.NoTurnException">The drain of the credential did not release the gate in time.</exception>
    public async Task<Removal> RemoveAsync(StoredDestination stored, ETag expected, bool force, CancellationToken cancel)
    {
        if (!force && await WhyKeptAsync(stored, cancel) is { } kept) return kept;
        // Wait until the running drain has released the gate. Before that, the drain writes its journal and cursor; written after the deletion, they would stay in storage.
        return (await credentials.GetAsync(CredentialStore.ForSending, cancel)).Find(stored.Config.Credential) is { } credential && await backlogs.FindAsync(credential.Name, stored.Id, cancel) is not null
            ? await calls.WithoutSenderAsync(credential, () => EraseAsync(stored, expected, force, cancel), cancel)
            : await EraseAsync(stored, expected, force, cancel);
    }

    private async Task<Removal> EraseAsync(StoredDestination stored, ETag expected, bool force, CancellationToken cancel)
    {
        // Records may have arrived meanwhile.
        if (!force && await WhyKeptAsync(stored, cancel) is { } kept) return kept;
        if (!await destinations.DeleteAsync(stored.Id, expected, cancel)) return Removal.Changed;
        // The destination no longer exists, so delete the remaining data even if the client disconnects. Without force, a record that arrives now stays, and the sweep quarantines it.
        if (force) await backlogs.DeleteAsync(stored.Config.Credential!, stored.Id, CancellationToken.None);
        else await backlogs.DeleteFinishedAsync(stored.Config.Credential!, stored.Id, CancellationToken.None);
        await quarantine.DeleteAsync(stored.Id, onlyClosed: !force, CancellationToken.None);
        return Removal.Done;
    }

    private async Task<Removal?> WhyKeptAsync(StoredDestination stored, CancellationToken cancel)
    {
        if (await backlogs.FindAsync(stored.Config.Credential!, stored.Id, cancel) is { WaitingBytes: > 0 } or { Cursor.Postponed: > 0 }) return Removal.RecordsWait;
        return (await quarantine.ListAsync(stored.Id, 1, cancel)).Total > 0 ? Removal.InQuarantine : null;
    }
}
