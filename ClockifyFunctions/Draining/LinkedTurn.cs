using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Draining;

/// <summary>
/// The part of a turn for a destination that links records to objects: decides by the link of each record, delays a record while another record of its
/// key is in progress, and ends a run after all records before its end are settled.
/// </summary>
internal sealed class LinkedTurn(Destination destination, KeyedRecords keys, Journal journal, CursorTracker tracker, Linking linking, RunEnd runEnd, DrainScope drain)
{
    private readonly List<PendingRecord> _unchanged = [];

    /// <summary>The keys of records that are in progress, and of records that wait in this turn.</summary>
    private readonly HashSet<UInt128> _underWay = [], _waiting = [];

    /// <summary>The end of the last unchanged record of each key, if the stored cursor has not passed it.</summary>
    private readonly Dictionary<UInt128, LogPosition> _unchangedTo = [];
    private readonly Lock _lock = new();
    private PendingRecord? _end;

    /// <summary>The next step of a record in a turn.</summary>
    internal enum Fate
    {
        Begins,

        /// <summary>Another record of its key is in progress, or the stored cursor has not passed an unchanged record of its key.</summary>
        Waits,

        /// <summary>It needs no call. It is settled at the end of the turn.</summary>
        Settles,

        /// <summary>It ends a run. No further record is read before the run has ended.</summary>
        EndsRun,
    }

    /// <summary>The position behind a waiting record that ends a run; null if none waits.</summary>
    public LogPosition? End => _end?.Line.End;

    /// <summary>Whether a record waits until the cursor is stored.</summary>
    public bool AwaitsCursor { get; private set; }

    public void BeginTurn()
    {
        _waiting.Clear();
        AwaitsCursor = false;
    }

    public void CursorStored(LogPosition position)
    {
        foreach (var (key, end) in _unchangedTo)
            if (end <= position) _unchangedTo.Remove(key);
    }

    /// <inheritdoc cref="KeyedRecords.ReadAsync"/>
    public Task<Keyed> ReadAsync(BacklogRecord record) => EndsRun(record) ? Task.FromResult(new Keyed(null, null, false)) : keys.ReadAsync(record);

    /// <summary>Decides by the link of the record.</summary>
    public Fate Decide(PendingRecord record)
    {
        if (EndsRun(record.Record))
        {
            _end = record;
            return Fate.EndsRun;
        }

        if (record.Keyed!.Row is { } row && IsUnderWay(row.KeyHash)) return Fate.Waits;

        var decision = keys.Decide(record.Record, record.Keyed);
        record.Decision = decision;
        if (decision.Step == SyncStep.Refuse) record.Rendered = RenderResult.Refused(new Problem("$", decision.Reason!));
        else if (decision.Step == SyncStep.Nothing) _unchangedTo[record.Keyed.Row!.KeyHash] = record.Line.End;
        else if (_unchangedTo.ContainsKey(record.Keyed.Row!.KeyHash))
        {
            // Unchanged records have no journal line. If this record changed the link, and the process crashed, the unchanged record would be sent after it.
            AwaitsCursor = true;
            return Fate.Waits;
        }

        // A postponed record of the key is delivered first.
        if (decision.Step != SyncStep.Nothing || journal.Memory.Front((ulong)record.Keyed.Row!.KeyHash, record.Sequence) is not null) return Fate.Begins;
        _unchanged.Add(record);
        return Fate.Settles;
    }

    /// <summary>Starts a record. Other records of its key wait until it has ended.</summary>
    public void Begins(PendingRecord record)
    {
        if (record.Keyed?.Row is not { } row) return;
        lock (_lock) _underWay.Add(row.KeyHash);
    }

    /// <summary>Delays a record until the next turn. Other records of its key wait for it.</summary>
    public void Waits(PendingRecord record)
    {
        if (record.Keyed?.Row is { } row) _waiting.Add(row.KeyHash);
    }

    /// <summary>Prepares the request of a record.</summary>
    /// <param name="isDraft">Whether the record is only checked, not sent.</param>
    /// <returns>A list that has to be read first, because it can contain the object of the record; null if none.</returns>
    public Need? Prepare(PendingRecord record, Resolved resolved, bool isDraft)
    {
        var (row, step, now) = (record.Keyed!.Row!, record.Decision!.Value.Step, drain.Time.GetUtcNow());
        record.Prepared = Preparation.Of(destination, step, row, keys.Links.Find(row.KeyHash), record.Record.Body, resolved, now);
        if (!isDraft && record.Record.Operation == RecordOperation.Repair && step == SyncStep.Update) return Compare(record, row, resolved, now);
        if (!isDraft && step is SyncStep.Update or SyncStep.Restore && AppSettings.HasFewCalls(destination.Credential)) return Merge(record);
        if (isDraft || step is not (SyncStep.Create or SyncStep.AdoptOnly) || record.Prepared.Rendered.Request is not { } create || destination.Sync is not { } sync) return null;
        if (sync.Adopt == Adopt.Never || Adoption.ListOf(destination, record.Prepared) is not { } list)
        {
            if (step == SyncStep.AdoptOnly) record.Prepared = Preparation.Adopt(destination, step, row, record.Prepared, default, [], record.Record.Body, resolved, now);
            return null;
        }

        if (drain.Lists.Find(list) is var snapshot && snapshot is not { IsWhole: true }) return Need.Page.After(snapshot, list);
        record.Prepared = Preparation.Adopt(destination, step, row, record.Prepared, list, Adoption.Find(destination, row, create, snapshot, id => linking.IsTaken(record, id)), record.Record.Body, resolved, now);
        return null;
    }

    /// <summary>Compares an object with its record. Restores the object if it was archived in Clockify, and sends nothing if it equals the record.</summary>
    private Need.Page? Compare(PendingRecord record, SyncRow row, Resolved resolved, DateTimeOffset now)
    {
        if (record.Prepared!.Rendered.Request is not { } request || Adoption.ListOf(destination, record.Prepared) is not { } list) return null;
        if (drain.Lists.Find(list) is var snapshot && snapshot is not { IsWhole: true }) return Need.Page.After(snapshot, list);
        var link = keys.Links.Find(row.KeyHash);
        if (snapshot.Find(link.Id.ToString()) is not { } listed) return null;
        if (listed.IsArchived && SyncDecision.CanRestore(destination.Sync!)) record.Prepared = Preparation.Of(destination, SyncStep.Restore, row, link, record.Record.Body, resolved, now);
        else if (link.Hash == row.Hash && Adoption.Differences(record.Prepared.Operation.Endpoint!, request.Body, listed.Json).Count == 0)
            record.Prepared = record.Prepared with { Change = Change.Unchanged, AsListed = listed.Json };
        return null;
    }

    /// <summary>For credentials with few calls, merges the update with the listed object instead of reading the object.</summary>
    private Need.Page? Merge(PendingRecord record)
    {
        if (Adoption.ListOf(destination, record.Prepared!) is not { } list) return null;
        if (drain.Lists.Find(list) is var snapshot && snapshot is not { IsWhole: true }) return Need.Page.After(snapshot, list);
        if (snapshot.Find(record.Prepared!.Link.Id.ToString()) is { } listed) record.Prepared = Preparation.Merged(record.Prepared, listed.Json);
        return null;
    }

    /// <summary>Ends records, so that the next records of their keys can start.</summary>
    public void Ended(IReadOnlyList<PendingRecord> records)
    {
        lock (_lock)
            foreach (var record in records)
                if (record.Keyed?.Row is { } row) _underWay.Remove(row.KeyHash);
    }

    /// <summary>Settles the records of the turn that need no call.</summary>
    public Task SettleUnchangedAsync()
    {
        if (_unchanged.Count == 0) return Task.CompletedTask;
        PendingRecord[] records = [.. _unchanged];
        _unchanged.Clear();
        return linking.UnchangedAsync(records);
    }

    /// <summary>Ends a run if all records before its end are settled.</summary>
    /// <returns>The number of processed lines.</returns>
    public async Task<int> EndRunAsync(List<Task> messages)
    {
        if (_end is not { } end || !tracker.IsFirst(end.Line)) return 0;
        _end = null;
        messages.Add(await runEnd.DecideAsync(end));
        return 1;
    }

    private static bool EndsRun(BacklogRecord record) => record.Operation is RecordOperation.Complete or RecordOperation.Approve;

    private bool IsUnderWay(UInt128 key)
    {
        lock (_lock) return _underWay.Contains(key) || _waiting.Contains(key);
    }
}
