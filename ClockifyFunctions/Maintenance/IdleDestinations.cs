using ClockifyFunctions.Destinations;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Maintenance;

/// <summary>Removes inline destinations that have had no record for a week. A destination with records in its backlog or quarantine stays.</summary>
internal sealed class IdleDestinations(DestinationStore destinations, DestinationRemoval removal, TimeProvider time, ILogger<IdleDestinations> log)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7), LookInterval = TimeSpan.FromHours(1);

    private long? _lookedAt;

    /// <summary>Costs one listing, once an hour in each process.</summary>
    public async Task RemoveAsync(CancellationToken cancel)
    {
        if (_lookedAt is { } looked && time.GetElapsedTime(looked) < LookInterval) return;
        _lookedAt = time.GetTimestamp();
        // A record renews the document only if it is older than RenewAfter, so the last record can be that much newer than the document.
        var before = time.GetUtcNow() - KeptFor - DestinationStore.RenewAfter;
        foreach (var id in await destinations.ListInlineAsync(before, cancel))
        {
            if (await destinations.ReadAsync(id, cancel) is not var (stored, etag)) continue;
            try
            {
                if (await removal.RemoveAsync(stored, etag, force: false, cancel) == Removal.Done) log.LogInformation("Destination {Destination} removed: it had no record for {Days} days.", id, KeptFor.TotalDays);
            }
            catch (InteractiveCalls.NoTurnException)
            {
                log.LogInformation("Credential {Credential} is busy. Destination {Destination} will be removed later.", stored.Config.Credential, id);
            }
        }
    }
}
