using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.References;

/// <summary>
/// Makes the calls that records need before they can be resolved. It reads lists page by page, and no more than needed. If several records have the
/// same need, the call is made once. Thread-safe.
/// </summary>
internal sealed class Lookups(Lists lists, AppSettings settings, TimeProvider time, ILogger log)
{
    private const int LeastPageSize = 20, BadRequest = 400;

    private readonly ListReader _reader = new(lists.Credential, time);
    private readonly Dictionary<string, int> _pageSizes = new(StringComparer.Ordinal);
    private readonly Dictionary<Need, Task> _running = [];
    private readonly Lock _lock = new();

    /// <returns>A task that completes when the records can be resolved again. They may then have other needs.</returns>
    /// <exception cref="OperationCanceledException">The lane that makes the calls may no longer make calls.</exception>
    public Task MeetAsync(Need need, ILookupCalls calls)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(need, out var running)) return running;
            return _running[need] = MeetOnceAsync(need, calls);
        }
    }

    private async Task MeetOnceAsync(Need need, ILookupCalls calls)
    {
        // The caller holds the lock, so continue without it.
        await Task.Yield();
        try
        {
            lists.NoteOutcome(need, await FailureOfAsync(need, calls));
        }
        finally
        {
            lock (_lock) _running.Remove(need);
        }
    }

    /// <returns>The answer that failed; null if the need is met.</returns>
    private async Task<CallResult?> FailureOfAsync(Need need, ILookupCalls calls)
    {
        try
        {
            return need switch
            {
                Need.Page page => lists.Find(page.Key)?.Pages >= page.Number ? null : await ReadPageAsync(page.Key, calls),
                Need.Search search => lists.Find(search.Key) is { } snapshot && lists.WasSearched(snapshot, search.Member, search.Name) ? null : await SearchAsync(search, calls),
                Need.Create create => await new Creation(lists, this, calls, time, log).CreateAsync(create),
                Need.Restore restore => await RestoreAsync(restore, calls),
                _ => throw new ArgumentOutOfRangeException(nameof(need)),
            };
        }
        catch (Exception fault) when (OwnFault.Is(fault))
        {
            // An error of this app with one object must not stop every drain at the record that names the object.
            return new CallResult(0, "", null, null, OwnFault.Reason(fault), false, TimeSpan.Zero);
        }
    }

    private async Task<CallResult?> ReadPageAsync(ListKey key, ILookupCalls calls)
    {
        if (lists.Find(key) is null && await lists.LoadAsync(key, CancellationToken.None)) return null;
        while (true)
        {
            var (known, size) = (lists.Find(key), PageSizeOf(key));
            var page = await _reader.ReadAsync(key, (known?.Pages ?? 0) + 1, size, null, calls.CallAsync);
            if (page.IsTooLarge && size > LeastPageSize)
            {
                // With another page size, the list must be read from the first page.
                lock (_lock) _pageSizes[key.List] = Math.Max(LeastPageSize, size / 4);
                lists.Drop(key);
                continue;
            }

            if (page.Rows is null) return Refused(key, page.Answer);
            var snapshot = known ?? new Snapshot(EndpointCatalog.Lookups[key.List], key, time.GetUtcNow());
            snapshot.AddPages(1, page.IsLast, page.Rows);
            lists.Note(snapshot);
            return null;
        }
    }

    /// <summary>Searches all objects of a name and adds them to the list.</summary>
    public async Task<CallResult?> SearchAsync(Need.Search search, ILookupCalls calls)
    {
        if (lists.Find(search.Key) is not { } snapshot) return await ReadPageAsync(search.Key, calls);
        if (snapshot.Lookup is { QueryParam: null, BodyParam: null })
        {
            // Clockify cannot search this list, so the whole list is read again.
            lists.Drop(search.Key);
            return await ReadPageAsync(search.Key, calls);
        }

        var (found, name, isAll) = (new List<Listed>(), NameForms.Tidy(search.Name), false);
        for (var (page, exact) = (1, false); page <= Lists.MostPages; page++)
        {
            var read = await _reader.ReadAsync(search.Key, page, PageSizeOf(search.Key), new ListReader.Search(search.Member, name, exact), calls.CallAsync);
            if (read.Rows is null) return Refused(search.Key, read.Answer);
            found.AddRange(read.Rows);
            if (isAll = read.IsLast) break;
            // Too many names contain the text, so search for the exact name.
            if (!exact && snapshot.Lookup.Exact is not null) (page, exact) = (0, true);
        }

        snapshot.Replace(search.Member, isAll ? name : null, found);
        lists.Note(snapshot);
        lists.NoteSearch(search);
        return null;
    }

    private async Task<CallResult?> RestoreAsync(Need.Restore restore, ILookupCalls calls)
    {
        if (lists.Find(restore.Key)?.Find(restore.Id) is not { IsArchived: true } row) return null;
        var answer = await calls.CallAsync(Restoring.RequestOf(restore, row, time.GetUtcNow()));
        if (!answer.IsSuccess) return answer;
        if (lists.Find(restore.Key) is not { } snapshot) return null;
        snapshot.Put(row with { IsArchived = false, VerifiedAt = time.GetUtcNow() });
        lists.Note(snapshot);
        return null;
    }

    private CallResult Refused(ListKey key, CallResult answer)
    {
        // The parent may have been deleted. In this case it is looked up again.
        if (answer.Status == BadRequest && key.Scope is { } scope && EndpointCatalog.Lookups[key.List].Parent is { } parent) lists.LookUpAgain([(new ListKey(key.WorkspaceId, parent.Name), scope)]);
        return answer;
    }

    private int PageSizeOf(ListKey key)
    {
        lock (_lock) return Math.Min(_pageSizes.GetValueOrDefault(key.List, settings.LookupPageSize), EndpointCatalog.Lookups[key.List].LargestPage);
    }
}
