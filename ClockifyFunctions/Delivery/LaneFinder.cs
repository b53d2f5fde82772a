using System.Collections.Concurrent;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>Finds the destinations of a credential that are active and have records waiting.</summary>
internal sealed class LaneFinder(
    DestinationStore destinations, Backlogs backlogs, BlobAccount account, Journals journals, QuarantineStore quarantine, CallsInFlight inFlight, CredentialStore credentials, TimeProvider time, ILogger<LaneFinder> log)
{
    private readonly ConcurrentDictionary<string, (StoredDestination From, Destination Destination)> _made = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, int> _opened = new(StringComparer.Ordinal);

    /// <param name="held">What is known to wait and need not be looked at yet.</param>
    public async Task<bool> AnyWaitingAsync(Credential credential, CancellationToken cancel, HeldBatches? held = null) => (await WaitingAsync(credential, cancel, held)).Count > 0;

    public async Task<ServedLanes> OpenAsync(Credential credential, CancellationToken lost)
    {
        var served = new ServedLanes(this, credential, inFlight.ForDrain(), first: _opened.AddOrUpdate(credential.Name, 0, static (_, times) => (times + 1) & 0xffff), time, lost);
        await served.LookAsync(lost);
        return served;
    }

    public Task<Lane> OpenLaneAsync(Destination destination, BacklogSummary backlog, CallsInFlight.Share inFlight, CancellationToken cancel) =>
        Lane.OpenAsync(destination, backlog, inFlight, backlogs, account, journals, quarantine, time, cancel);

    public async Task<IReadOnlyList<(Destination Destination, BacklogSummary Backlog)>> WaitingAsync(Credential credential, CancellationToken cancel, HeldBatches? held = null) =>
        await WaitingAsync(credential, await backlogs.ListAsync(credential.Name, cancel), cancel, held);

    public async Task<IReadOnlyList<(Destination Destination, BacklogSummary Backlog)>> WaitingAsync(Credential credential, IEnumerable<BacklogSummary> listed, CancellationToken cancel, HeldBatches? held = null)
    {
        var waiting = new List<(Destination, BacklogSummary)>();
        foreach (var backlog in listed)
            if (backlog.WaitingBytes > (held?.Bytes.GetValueOrDefault(backlog.Destination) ?? 0) && await ActiveAsync(backlog.Destination, cancel) is { } destination && destination.Credential.Name == credential.Name)
                waiting.Add((destination, backlog));
        return waiting;
    }

    /// <summary>The destination if it may send now, the same object for as long as it does not change; null while it is paused, gone, or no longer valid.</summary>
    public async Task<Destination?> ActiveAsync(string id, CancellationToken cancel)
    {
        if (await destinations.FindAsync(id, cancel) is not { State: DestinationState.Active } stored) return null;
        var all = (await credentials.GetAsync(CredentialStore.ForSending, cancel)).All;
        // A new key makes a new credential, and the destination has to send with it.
        if (_made.TryGetValue(id, out var known) && ReferenceEquals(known.From, stored) && ReferenceEquals(known.Destination.Credential, all.GetValueOrDefault(known.Destination.Credential.Name))) return known.Destination;
        if (!Destination.TryCreate(id, stored.Config, all, out var destination, out var problems))
        {
            log.LogError("Destination {Destination} cannot send: {Problems} Its records wait.", id, string.Join(" ", problems));
            return null;
        }

        _made[id] = (stored, destination);
        return destination;
    }
}
