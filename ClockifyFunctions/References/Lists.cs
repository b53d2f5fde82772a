using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.References;

/// <summary>
/// The lists of Clockify's objects that a drain has read, for all destinations of its credential. <see cref="Lookups"/> reads further pages. Objects
/// that this process creates or changes are added immediately. Thread-safe.
/// </summary>
internal sealed class Lists(Credential credential, SnapshotStore store, IExternalKeys keys, AppSettings settings, TimeProvider time, ILogger log) : IKnownLists
{
    /// <summary>The maximum number of pages that are read of a list. In longer lists, single names are searched.</summary>
    public const int MostPages = 5;

    private const int MostClose = 500;

    /// <summary>The time for which a search result is valid, and for which an object is assumed to exist after Clockify returned it.</summary>
    private static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(60);

    /// <summary>The time for which records fail after their list could not be read. Afterwards the list is requested again.</summary>
    private static readonly TimeSpan FailsFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _maxAge = settings.MaxLookupAge(credential);
    private readonly Dictionary<ListKey, Snapshot> _snapshots = [];
    private readonly HashSet<ListKey> _loaded = [];
    private readonly Dictionary<(ListKey Key, string Member, string Name), long> _searched = [];
    private readonly Dictionary<(ListKey Key, string Member, string Name), IReadOnlyList<string>> _close = [];
    private readonly Dictionary<Need, (CallResult Answer, long At)> _failed = [];
    private readonly Lock _lock = new();
    private long _flushedAt = time.GetTimestamp();

    public Credential Credential => credential;

    public IExternalKeys Keys => keys;

    public Refusals Refusals { get; } = new(time);

    public Snapshot? Find(ListKey key)
    {
        lock (_lock) return _snapshots.TryGetValue(key, out var snapshot) && time.GetUtcNow() - snapshot.TakenAt <= _maxAge ? snapshot : null;
    }

    public IEnumerable<Snapshot> Others(ListKey key)
    {
        lock (_lock) return [.. _snapshots.Values.Where(snapshot => snapshot.Key.List == key.List && snapshot.Key.WorkspaceId == key.WorkspaceId && snapshot.Key != key)];
    }

    public bool WasSearched(Snapshot snapshot, string member, string name)
    {
        if (snapshot is { IsWhole: true, IsOwn: true } && time.GetUtcNow() - snapshot.TakenAt < ValidFor) return true;
        lock (_lock) return _searched.TryGetValue((snapshot.Key, member, name), out var at) && time.GetElapsedTime(at) < ValidFor;
    }

    public CallResult? FailureOf(Need need)
    {
        lock (_lock) return _failed.TryGetValue(need, out var failure) && time.GetElapsedTime(failure.At) < FailsFor ? failure.Answer : null;
    }

    public (string Kind, string Message)? WhyNotCreated(Need.Create create) => Refusals.Of(create);

    public IReadOnlyList<string> Close(ListKey key, string member, string name)
    {
        if (Find(key) is not { } snapshot) return [];
        lock (_lock)
        {
            // The same wrong name may occur in thousands of records, so the result is kept. After too many different names, no similar names are searched.
            if (_close.TryGetValue((key, member, name), out var known)) return known;
            if (_close.Count >= MostClose) return [];
        }

        var close = CloseNames.Of(snapshot, member, name);
        lock (_lock) return _close[(key, member, name)] = close;
    }

    /// <summary>Loads the stored snapshot of a list. Each list is loaded only once.</summary>
    /// <returns>Whether a usable snapshot was loaded.</returns>
    public async Task<bool> LoadAsync(ListKey key, CancellationToken cancel)
    {
        lock (_lock)
            if (!_loaded.Add(key)) return false;
        if (await store.LoadAsync(credential.Name, key, cancel) is not { } stored || time.GetUtcNow() - stored.TakenAt > _maxAge) return false;
        lock (_lock) _snapshots[key] = stored;
        return true;
    }

    /// <summary>Adds a snapshot after a page was read or a search has ended.</summary>
    public void Note(Snapshot snapshot)
    {
        snapshot.IsChanged = true;
        lock (_lock)
        {
            _snapshots[snapshot.Key] = snapshot;
            foreach (var old in _close.Keys.Where(known => known.Key == snapshot.Key).ToArray()) _close.Remove(old);
        }
    }

    public void NoteSearch(Need.Search search)
    {
        lock (_lock)
        {
            foreach (var old in _searched.Where(one => time.GetElapsedTime(one.Value) >= ValidFor).Select(static one => one.Key).ToArray()) _searched.Remove(old);
            _searched[(search.Key, search.Member, search.Name)] = time.GetTimestamp();
        }
    }

    /// <param name="answer">The answer that failed; null if the lookup succeeded.</param>
    public void NoteOutcome(Need need, CallResult? answer)
    {
        lock (_lock)
        {
            if (answer is null) _failed.Remove(need);
            else _failed[need] = (answer, time.GetTimestamp());
        }
    }

    /// <summary>Removes a list, so that it is read again.</summary>
    public void Drop(ListKey key)
    {
        lock (_lock) _snapshots.Remove(key);
    }

    /// <summary>Adds or updates an object that this process has created, changed, archived or made active.</summary>
    public void Learn(ListKey key, JsonElement entity)
    {
        if (Find(key) is not { } snapshot || Listed.Of(snapshot.Lookup, entity, time.GetUtcNow()) is not { } row || row.Names.Any(static name => name.Length == 0)) return;
        snapshot.Put(row);
        Note(snapshot);
    }

    /// <summary>Removes a deleted object.</summary>
    public void Forget(ListKey key, string id)
    {
        if (Find(key) is not { } snapshot) return;
        snapshot.Remove(id);
        Note(snapshot);
    }

    /// <summary>
    /// Handles a refused record that uses these objects, because one of them may have been deleted. Objects that Clockify did not return recently are
    /// looked up again.
    /// </summary>
    /// <returns>Whether any object is looked up again.</returns>
    public bool LookUpAgain(IEnumerable<(ListKey Key, string Id)> used)
    {
        var any = false;
        foreach (var (key, id) in used)
        {
            if (Find(key)?.Find(id) is not { } row || time.GetUtcNow() - row.VerifiedAt < ValidFor) continue;
            Forget(key, id);
            any = true;
        }

        return any;
    }

    /// <summary>Stores changed snapshots at intervals and at the end of the drain. They are a cache, so the drain continues if they cannot be written.</summary>
    public async Task FlushAsync(bool isEnd, CancellationToken cancel)
    {
        if (!isEnd && time.GetElapsedTime(_flushedAt) < FlushInterval) return;
        _flushedAt = time.GetTimestamp();
        Snapshot[] changed;
        lock (_lock) changed = [.. _snapshots.Values.Where(static snapshot => snapshot.IsChanged)];
        try
        {
            await Task.WhenAll(changed.Select(snapshot => store.SaveAsync(credential.Name, snapshot, cancel)));
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogWarning("Lists of credential {Credential} could not be stored: {Error}", credential.Name, failed.Message);
        }
    }
}
