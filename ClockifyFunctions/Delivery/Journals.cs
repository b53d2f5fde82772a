using System.Collections.Concurrent;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// The journals this process has read and uses. One that was left with anything unwritten is forgotten and read anew: storage decides, not
/// memory. So is one that has not been opened for long, for a destination may be gone, or drained elsewhere.
/// </summary>
internal sealed class Journals(BlobAccount account, TimeProvider time)
{
    /// <summary>A busy one is opened by each drain, every four minutes as a rule.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Credential, string Destination), (Journal Journal, long OpenedAt)> _journals = new();

    public async Task<Journal> OpenAsync(string credential, string destination, LogPosition cursor, CancellationToken cancel)
    {
        var now = time.GetTimestamp();
        foreach (var known in _journals)
            if (time.GetElapsedTime(known.Value.OpenedAt, now) > KeptFor) _journals.TryRemove(known);
        var (journal, _) = _journals.AddOrUpdate(
            (credential, destination),
            _ => (new Journal(account, credential, destination), now),
            (_, known) => (known.Journal.IsClean ? known.Journal : new Journal(account, credential, destination), now));
        try
        {
            await journal.CatchUpAsync(cursor, cancel);
            return journal;
        }
        catch
        {
            _journals.TryRemove((credential, destination), out _);
            throw;
        }
    }
}
