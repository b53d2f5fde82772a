using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.Draining;

/// <summary>Finds the active destinations of a credential that have records waiting, and opens lanes for them.</summary>
internal sealed class LaneFinder(ActiveDestinations destinations, Backlogs backlogs, BlobAccount account, Journals journals, LinkStore links, TimeProvider time)
{
    /// <summary>A destination with waiting records.</summary>
    /// <param name="IsPaused">Whether the destination is paused after failures. The drain makes no call to it before the pause ends.</param>
    internal sealed record Waiting(Destination Destination, BacklogSummary Backlog, bool IsPaused);

    public async Task<IReadOnlyList<Waiting>> WaitingAsync(Credential credential, CancellationToken cancel) =>
        await WaitingAsync(credential, await backlogs.ListAsync(credential.Name, cancel), cancel);

    /// <param name="listed">The credential's backlogs.</param>
    public async Task<IReadOnlyList<Waiting>> WaitingAsync(Credential credential, IEnumerable<BacklogSummary> listed, CancellationToken cancel)
    {
        var waiting = new List<Waiting>();
        foreach (var backlog in listed)
            if (backlog.WaitingBytes > 0 && await destinations.FindAsync(backlog.Destination, cancel) is { } destination && destination.Credential.Name == credential.Name)
                waiting.Add(new Waiting(destination, backlog, backlog.Cursor.PausedUntil > time.GetUtcNow()));
        return waiting;
    }

    /// <summary>Whether a destination is still active and unchanged.</summary>
    public async Task<bool> IsStillAsync(Destination destination, CancellationToken cancel) => await destinations.FindAsync(destination.Id, cancel) == destination;

    /// <param name="waiting">A destination that was listed after the drain acquired the gate.</param>
    public async Task<Lane> OpenAsync(Waiting waiting, DrainScope drain)
    {
        var (destination, backlog, _) = waiting;
        var journal = await journals.OpenAsync(backlog.Credential, destination.Id, backlog.Cursor.Position, drain.Gate.Lost);
        KeyedRecords? keys = null;
        if (destination.Links is { } rules)
        {
            drain.OpenLinks.Add(destination.Id);
            keys = new KeyedRecords(destination, await links.OpenAsync(backlog.Credential, destination.Id, time.GetUtcNow() - rules.DedupeFor, drain.Gate.Lost), links, time, drain.Gate.Lost);
        }

        // Links that a lane writes are already in memory and are not read again.
        foreach (var of in destination.References.Select(reference => reference.Of).OfType<string>())
            if (drain.OpenLinks.Add(of)) await links.OpenAsync(backlog.Credential, of, null, drain.Gate.Lost);
        return new Lane(destination, drain, backlogs.Log(backlog.Credential, destination.Id), backlog, CursorBlob.Open(account, backlog), journal, keys);
    }
}
