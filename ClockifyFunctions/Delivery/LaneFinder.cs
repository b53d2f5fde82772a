using System.Collections.Concurrent;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;

using ClockifyFunctions.Journaling;

namespace ClockifyFunctions.Delivery;

/// <summary>Finds the destinations of a credential that are active and have records waiting, and opens lanes for them.</summary>
internal sealed class LaneFinder(DestinationStore destinations, Backlogs backlogs, BlobAccount account, Journals journals, CredentialStore credentials, TimeProvider time, ILogger<LaneFinder> log)
{
    private readonly ConcurrentDictionary<string, (StoredDestination From, Destination Destination)> _made = new(StringComparer.Ordinal);

    /// <summary>A destination with waiting records.</summary>
    internal sealed record Waiting(Destination Destination, BacklogSummary Backlog)
    {
        public DateTimeOffset? PausedUntil => Backlog.Cursor.PausedUntil;
    }

    /// <summary>Those of a credential, paused ones included.</summary>
    public async Task<IReadOnlyList<Waiting>> WaitingAsync(Credential credential, CancellationToken cancel) =>
        await WaitingAsync(credential, await backlogs.ListAsync(credential.Name, cancel), cancel);

    /// <param name="listed">The credential's backlogs.</param>
    public async Task<IReadOnlyList<Waiting>> WaitingAsync(Credential credential, IEnumerable<BacklogSummary> listed, CancellationToken cancel)
    {
        var waiting = new List<Waiting>();
        foreach (var backlog in listed)
            if (backlog.WaitingBytes > 0 && await ActiveAsync(backlog.Destination, cancel) is { } destination && destination.Credential.Name == credential.Name)
                waiting.Add(new Waiting(destination, backlog));
        return waiting;
    }

    public bool IsPaused(Waiting waiting) => waiting.PausedUntil > time.GetUtcNow();

    /// <summary>The destination if it may send now, the same object for as long as it does not change; null while a person has paused it, and if it is gone or not valid any more.</summary>
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

    /// <param name="waiting">As listed since the gate was acquired.</param>
    public async Task<Lane> OpenAsync(Waiting waiting, DrainScope drain)
    {
        var (destination, backlog) = waiting;
        var journal = await journals.OpenAsync(backlog.Credential, destination.Id, backlog.Cursor.Position, drain.Gate.Lost);
        return new Lane(destination, drain, backlogs.Log(backlog.Credential, destination.Id), backlog, CursorBlob.Open(account, backlog), journal);
    }
}
