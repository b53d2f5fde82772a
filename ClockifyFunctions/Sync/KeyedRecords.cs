using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Sync;

/// <summary>The key of a record, and whether its run has named the key before.</summary>
/// <param name="Row">Null: the record has no key, for the reason <paramref name="Problem"/>.</param>
/// <param name="NamedBefore">Another record of the run has the same key.</param>
internal sealed record Keyed(SyncRow? Row, string? Problem, bool NamedBefore);

/// <summary>The keys, links and runs of one destination while this process holds the gate of the credential.</summary>
internal sealed class KeyedRecords(Destination destination, Links links, LinkStore store, TimeProvider time, CancellationToken lost)
{
    private static readonly TimeSpan RunsKeptFor = TimeSpan.FromDays(30);

    private readonly SyncRowReader _reader = new(destination.Links!);
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);

    public Links Links => links;

    /// <summary>Reads the key of a record and adds the record to its run.</summary>
    public async Task<Keyed> ReadAsync(BacklogRecord record)
    {
        string? problem = null;
        var row = record.Operation == RecordOperation.Vanish ? OfVanished(record) : _reader.Read(record.Body, out problem);
        // A copy or a replay was counted when the record arrived for the first time.
        var isNew = record is { Run: not null, Attempt: null, Replay: null } && record.Operation is not RecordOperation.Vanish;
        return new Keyed(row, problem, isNew && (await RunAsync(record.Run!)).Count(record.Id, row?.KeyHash));
    }

    public SyncDecision Decide(BacklogRecord record, Keyed keyed) =>
        keyed.Row is not { } row ? new SyncDecision(SyncStep.Refuse, keyed.Problem)
        // A later run has named the key after the run that did not name it.
        : record is { Operation: RecordOperation.Vanish, Run: { } run } && _runs.Values.Any(other => other.Name != run && other.State == RunState.Open && other.Names(row.KeyHash)) ? new SyncDecision(SyncStep.Nothing)
        : SyncDecision.Of(destination.Links!, record.Operation ?? RecordOperation.Write, links.Find(row.KeyHash), row.Hash, keyed.NamedBefore, time.GetUtcNow());

    public async Task<Run> RunAsync(string name)
    {
        if (_runs.TryGetValue(name, out var known)) return known;
        var run = store.Run(destination.Credential.Name, destination.Id, name);
        await run.OpenAsync(lost);
        return _runs[name] = run;
    }

    /// <summary>Completes when the keys named by runs are durable.</summary>
    public Task FlushAsync() => Task.WhenAll(_runs.Values.Select(run => run.FlushAsync()));

    /// <inheritdoc cref="RunVerdict.Of"/>
    public async Task<RunVerdict> JudgeAsync(Run run, int expected, int? approved, bool isLastCall)
    {
        var now = time.GetUtcNow();
        var listed = await store.RunsAsync(destination.Credential.Name, destination.Id, lost);
        foreach (var (name, changedAt) in listed)
        {
            if (now - changedAt < RunsKeptFor) await RunAsync(name);
            else await store.DeleteRunAsync(destination.Credential.Name, destination.Id, name, lost);
        }

        var others = _runs.Values.Where(other => other != run && other.State == RunState.Open).ToArray();
        var sync = destination.Sync!;
        return RunVerdict.Of(sync, run.Records, run.WithoutKey, expected, approved, isLastCall, sync.Mode == SyncMode.Mirror ? links.All() : [], key => run.Names(key) || others.Any(other => other.Names(key)), now);
    }

    /// <summary>Records that archive or delete the objects of these keys. Their ids are always the same, so that a repetition has no effect.</summary>
    public async Task<IReadOnlyList<BacklogRecord>> VanishedAsync(string run, IEnumerable<UInt128> hashes)
    {
        var now = time.GetUtcNow();
        var keys = await links.KeysAsync(hashes.ToHashSet(), lost);
        return [.. keys.Select(key => new BacklogRecord($"vanished-{run}-{key.Key:x32}", null, now, RawJson.Of(JsonSerializer.SerializeToElement(new VanishedKey(key.Value), SyncJson.Web.VanishedKey))) { Run = run, Operation = RecordOperation.Vanish })];
    }

    private static SyncRow? OfVanished(BacklogRecord record)
    {
        var key = JsonSerializer.Deserialize(record.Body.Utf8.Span, SyncJson.Web.VanishedKey)?.Key ?? "";
        return new SyncRow(key, Sync.Links.HashOf(key), 0);
    }
}

/// <summary>The body of a record that archives or deletes an object.</summary>
internal sealed record VanishedKey(string? Key);
