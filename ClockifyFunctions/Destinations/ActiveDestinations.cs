using System.Collections.Concurrent;
using ClockifyFunctions.Configuration.Credentials;

namespace ClockifyFunctions.Destinations;

/// <summary>Finds the validated destinations that are active.</summary>
internal sealed class ActiveDestinations(DestinationStore destinations, CredentialStore credentials, ILogger<ActiveDestinations> log)
{
    private readonly ConcurrentDictionary<string, (StoredDestination From, Destination Destination)> _made = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns the same object while neither the destination nor its credential changes. Returns null if the destination is paused, deleted or not valid
    /// any more.
    /// </summary>
    public async Task<Destination?> FindAsync(string id, CancellationToken cancel)
    {
        if (await destinations.FindAsync(id, cancel) is not { State: DestinationState.Active } stored) return null;
        var all = (await credentials.GetAsync(CredentialStore.ForSending, cancel)).All;
        // A new key creates a new credential object, and the destination must send with it.
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
