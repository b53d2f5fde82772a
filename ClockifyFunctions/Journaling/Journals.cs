using System.Collections.Concurrent;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Journaling;

/// <summary>The journals that this process has read. A journal that is not used for some time is removed from memory, because its destination may be deleted or drained by another process.</summary>
internal sealed class Journals(BlobAccount account, TimeProvider time)
{
    /// <summary>
    /// How long an unused journal stays in memory. During an outage, the postponed records of a destination are tried about every ten minutes,
    /// and its journal is read completely only once.
    /// </summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<(string Credential, string Destination), (Journal Journal, long OpenedAt)> _journals = new();

    /// <inheritdoc cref="Journal.OpenAsync"/>
    public async Task<Journal> OpenAsync(string credential, string destination, LogPosition cursor, CancellationToken lost)
    {
        var now = time.GetTimestamp();
        foreach (var known in _journals)
            if (time.GetElapsedTime(known.Value.OpenedAt, now) > KeptFor) _journals.TryRemove(known);
        var (journal, _) = _journals.AddOrUpdate(
            (credential, destination),
            _ => (new Journal(account, credential, destination), now),
            (_, known) => (known.Journal.IsSound ? known.Journal : new Journal(account, credential, destination), now));
        try
        {
            await journal.OpenAsync(cursor, lost);
            return journal;
        }
        catch
        {
            _journals.TryRemove((credential, destination), out _);
            throw;
        }
    }
}
