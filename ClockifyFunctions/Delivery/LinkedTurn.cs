using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// What a turn does for a destination that links records to objects: decides by the link of each record, keeps a record back while another one of its
/// key is under way, and ends runs when everything before their end is settled.
/// </summary>
internal sealed class LinkedTurn(Destination destination, KeyedRecords keys, Journal journal, CursorTracker tracker, Linking linking, RunEnd runEnd, DrainScope drain)
{
    /// <summary>Records that are kept back in memory.</summary>
    private const int MostHeld = 1000;

    private readonly List<PendingRecord> _held = [], _unchanged = [];
    private readonly HashSet<UInt128> _underWay = [];
    private readonly Lock _lock = new();
    private PendingRecord? _end;

    /// <summary>Records wait for others of their key, or for the end of their run.</summary>
    public bool IsHolding => _held.Count > 0 || _end is not null;

    /// <summary>No further record may be read for now.</summary>
    public bool IsFull => _held.Count >= MostHeld || _end is not null;

    /// <inheritdoc cref="KeyedRecords.ReadAsync"/>
    public Task<Keyed> ReadAsync(BacklogRecord record) => record.Operation is RecordOperation.Complete or RecordOperation.Approve ? Task.FromResult(new Keyed(null, null, false)) : keys.ReadAsync(record);

    /// <summary>The records that were kept back, to be decided again.</summary>
    public IReadOnlyList<PendingRecord> TakeHeld()
    {
        if (_held.Count == 0) return [];
        PendingRecord[] held = [.. _held];
        _held.Clear();
        return held;
    }

    /// <summary>Decides by the link of the record.</summary>
    /// <returns>Whether the record is begun now: otherwise it is settled with this turn, or kept back.</returns>
    public bool Decide(PendingRecord record)
    {
        if (record.Record.Operation is RecordOperation.Complete or RecordOperation.Approve)
        {
            _end = record;
            return false;
        }

        if (record.Keyed!.Row is { } row)
        {
            lock (_lock)
            {
                if (_underWay.Contains(row.KeyHash) || _held.Exists(other => other.Keyed!.Row?.KeyHash == row.KeyHash))
                {
                    _held.Add(record);
                    return false;
                }
            }
        }

        var decision = keys.Decide(record.Record, record.Keyed);
        record.Decision = decision;
        if (decision.Step == SyncStep.Refuse) record.Rendered = RenderResult.Refused(new Problem("$", decision.Reason!));
        // A record that was postponed comes first.
        if (decision.Step == SyncStep.Nothing && journal.Memory.Front((ulong)record.Keyed.Row!.KeyHash, record.Sequence) is null)
        {
            _unchanged.Add(record);
            return false;
        }

        if (record.Keyed.Row is { } begun)
            lock (_lock) _underWay.Add(begun.KeyHash);
        return true;
    }

    public Prepared Prepare(PendingRecord record)
    {
        var row = record.Keyed!.Row!;
        return Preparation.Of(destination, record.Decision!.Value.Step, row, keys.Links.Find(row.KeyHash), record.Record.Body, Resolved.Nothing, drain.Time.GetUtcNow());
    }

    /// <summary>A call has ended: the next record of its key may begin.</summary>
    public void Ended(PendingCall call)
    {
        lock (_lock)
            foreach (var record in call.Records)
                if (record.Keyed?.Row is { } row) _underWay.Remove(row.KeyHash);
    }

    /// <summary>Settles the records of the turn for which nothing is to be done.</summary>
    public Task SettleUnchangedAsync()
    {
        if (_unchanged.Count == 0) return Task.CompletedTask;
        PendingRecord[] records = [.. _unchanged];
        _unchanged.Clear();
        return linking.UnchangedAsync(records);
    }

    /// <summary>Ends a run if everything that was read before its end is settled.</summary>
    /// <returns>How many lines were dealt with.</returns>
    public async Task<int> EndRunAsync(List<Task> messages)
    {
        if (_end is not { } end || !tracker.IsFirst(end.Line)) return 0;
        _end = null;
        messages.Add(await runEnd.DecideAsync(end));
        return 1;
    }
}
