using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.References;

/// <summary>
/// What a drain knows of Clockify's lists, for all destinations of its credential. <see cref="Lookups"/> finds out more; what this process creates
/// or changes goes in at once. Locks itself.
/// </summary>
internal sealed class Lists(Credential credential, SnapshotStore store, IExternalKeys keys, AppSettings settings, TimeProvider time, ILogger log) : IKnownLists
{
    /// <summary>Of lists with more pages, single names are searched instead.</summary>
    public const int MostPages = 5;

    private const int MostClose = 500;

    /// <summary>So long it is believed that a name does not exist, and that an object does.</summary>
    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(60);

    /// <summary>So long records fail with a list that could not be read, before it is asked for again.</summary>
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
        if (snapshot is { IsWhole: true, IsOwn: true } && time.GetUtcNow() - snapshot.TakenAt < BelievedFor) return true;
        lock (_lock) return _searched.TryGetValue((snapshot.Key, member, name), out var at) && time.GetElapsedTime(at) < BelievedFor;
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
            // The same name may be wrong in thousands of records. Where thousands of names are, nobody reads what each is close to.
            if (_close.TryGetValue((key, member, name), out var known)) return known;
            if (_close.Count >= MostClose) return [];
        }

        var close = CloseNames.Of(snapshot, member, name);
        lock (_lock) return _close[(key, member, name)] = close;
    }

    /// <summary>Begins with what storage has of a list, once.</summary>
    /// <returns>Whether the list is known now.</returns>
    public async Task<bool> LoadAsync(ListKey key, CancellationToken cancel)
    {
        lock (_lock)
            if (!_loaded.Add(key)) return false;
        if (await store.LoadAsync(credential.Name, key, cancel) is not { } stored || time.GetUtcNow() - stored.TakenAt > _maxAge) return false;
        lock (_lock) _snapshots[key] = stored;
        return true;
    }

    /// <summary>A page of a list was read, or the result of a search.</summary>
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
            foreach (var old in _searched.Where(one => time.GetElapsedTime(one.Value) >= BelievedFor).Select(static one => one.Key).ToArray()) _searched.Remove(old);
            _searched[(search.Key, search.Member, search.Name)] = time.GetTimestamp();
        }
    }

    /// <param name="answer">Null: the need is met.</param>
    public void NoteOutcome(Need need, CallResult? answer)
    {
        lock (_lock)
        {
            if (answer is null) _failed.Remove(need);
            else _failed[need] = (answer, time.GetTimestamp());
        }
    }

    /// <summary>The list has to be read again.</summary>
    public void Drop(ListKey key)
    {
        lock (_lock) _snapshots.Remove(key);
    }

    /// <summary>Takes in an object that this process has created, changed, archived or made active.</summary>
    public void Learn(ListKey key, JsonElement entity)
    {
        if (Find(key) is not { } snapshot || Listed.Of(snapshot.Lookup, entity, time.GetUtcNow()) is not { } row || row.Names.Any(static name => name.Length == 0)) return;
        snapshot.Put(row);
        Note(snapshot);
    }

    /// <summary>An object is deleted.</summary>
    public void Forget(ListKey key, string id)
    {
        if (Find(key) is not { } snapshot) return;
        snapshot.Remove(id);
        Note(snapshot);
    }

    /// <summary>Clockify refused a record that uses these objects, and one of them may be gone. Those that were not seen of late are looked for again.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Suspect(IEnumerable<(ListKey Key, string Id)> used)
    {
        var any = false;
        foreach (var (key, id) in used)
        {
            if (Find(key)?.Find(id) is not { } row || time.GetUtcNow() - row.VerifiedAt < BelievedFor) continue;
            Forget(key, id);
            any = true;
        }

        return any;
    }

    /// <summary>Writes down what is new, from time to time and at the end of the drain. It is a cache, so that it cannot be written is no reason to stop.</summary>
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
