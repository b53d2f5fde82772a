using System.Collections.Concurrent;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>The journals this process has read. One that was left with anything unwritten is forgotten and read anew: storage decides, not memory.</summary>
internal sealed class Journals(BlobAccount account)
{
    private readonly ConcurrentDictionary<(string Credential, string Destination), Journal> _journals = new();

    public async Task<Journal> OpenAsync(string credential, string destination, LogPosition cursor, CancellationToken cancel)
    {
        var journal = _journals.AddOrUpdate(
            (credential, destination), _ => new Journal(account, credential, destination), (_, known) => known.IsClean ? known : new Journal(account, credential, destination));
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
