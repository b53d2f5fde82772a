using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Draining;

/// <summary>Turns lines of one backlog into calls: reads the state of each line from the journal, resolves and renders the record, and forms batches.</summary>
internal sealed class LaneTurn(Destination destination, BacklogReader reader, CursorTracker tracker, Journal journal, Settlement settlement, LinkedTurn? linked, DrainScope drain, Action<bool> waits)
{
    /// <summary>The maximum number of lines per turn. Without the limit, lines that need no call would delay the other destinations.</summary>
    private const int MostFaultsInARow = 3, MostLines = 5000;

    /// <summary>Records that were read, and whose batch waits for more records or for the next turn. They are still in the backlog.</summary>
    private readonly List<PendingRecord> _unbegun = [];

    /// <summary>
    /// Records that wait for a lookup or for another record of their key, and records that wait behind them, in backlog order. They are still in the
    /// backlog.
    /// </summary>
    private readonly List<PendingRecord> _held = [];
    private readonly HashSet<Need> _needs = [];

    /// <summary>Keys of the records that were read and have not ended. A second copy of such a record is not begun.</summary>
    private readonly HashSet<(string Key, int Attempt)> _keys = [];
    private readonly Lock _lock = new();
    private int _faultsInARow;

    /// <summary>When the oldest batch that is not full is due; null if no batch waits.</summary>
    public DateTimeOffset? BatchDue { get; private set; }

    /// <summary>The lists to read and the objects to create before the waiting records can be resolved.</summary>
    public IReadOnlyCollection<Need> Needs => _needs;

    /// <summary>The end of the first waiting record in the backlog; null if no record waits.</summary>
    public LogPosition? Held => _held is [var first, ..] ? first.Line.End : linked?.End;

    /// <summary>Reads up to <paramref name="size"/> calls, in the order in which they must begin.</summary>
    /// <returns>The calls, the messages of records that are already finished, and the number of lines that were read.</returns>
    public async Task<(IReadOnlyList<PendingCall> Calls, IReadOnlyList<Task> Messages, int Lines)> ReadAsync(int size, CancellationToken cancel)
    {
        var (batches, messages, lines) = (new BatchBuilder<PendingRecord>(destination.Batching), new List<Task>(), 0);
        foreach (var record in _unbegun) Put(batches, record);
        _unbegun.Clear();
        PendingRecord[] held = [.. _held];
        _held.Clear();
        _needs.Clear();
        linked?.BeginTurn();
        foreach (var record in held) Add(batches, record);
        reader.BeginTurn();
        if (linked is not null) lines += await linked.EndRunAsync(messages);
        for (; !batches.IsEnough(size) && _held.Count < size && lines < MostLines && linked is not { End: not null } && await reader.NextAsync(cancel) is { } line; lines++) await ReadAsync(line, batches, messages);
        if (linked is not null) messages.Add(linked.SettleUnchangedAsync());
        var calls = await ChooseAsync(batches, size, cancel);
        // Copies of postponed records return in any order. Calls to one target must begin in the original order.
        return ([.. calls.OrderBy(call => call.First.Sequence)], messages, lines);
    }

    public void Ended(PendingCall call)
    {
        lock (_lock)
            foreach (var record in call.Records) _keys.Remove(KeyOf(record.Record));
        linked?.Ended(call.Records);
    }

    private async Task ReadAsync(LogChunk.Entry line, BatchBuilder<PendingRecord> batches, List<Task> messages)
    {
        var place = tracker.Begin(line.Next);
        if (BacklogRecord.Read(line) is not { } record)
        {
            const string Damaged = "A line of the backlog does not match its checksum, or holds no record. Compare it with the producer's copy and send the record again.";
            await settlement.QuarantineLineAsync(place, EntryOf("damaged", Damaged) with { Raw = line.Payload.ToArray() });
            return;
        }

        var known = journal.Memory.Find(record.Key);
        // The same message may be ingested twice, and both copies may be read before the first one is finished.
        bool isSecond;
        lock (_lock) isSecond = _keys.Contains(KeyOf(record));
        var reading = isSecond ? new Reading.Pass() : Reading.Of(record.Attempt ?? 0, record.MayHaveArrived ?? false, record.Digest, known?.State, known is { IsPending: true } && known.Place == line.Next, drain.Entered);
        switch (reading)
        {
            case Reading.Begin begin:
                lock (_lock) _keys.Add(KeyOf(record));
                Add(batches, new PendingRecord(record, place, begin.State, linked is null ? null : await linked.ReadAsync(record)));
                break;
            case Reading.SendAgain:
                messages.Add(settlement.SendAgainAsync(record, place, known!));
                break;
            case Reading.Unannounced:
                var reason = $"The message claims to be a postponed copy of record {record.Id}, but this destination did not postpone it, or with another body. If the destination was deleted or changed meanwhile, check in Clockify whether the record arrived; if it has not, replay it.";
                await settlement.QuarantineLineAsync(place, EntryOf("unknown", reason) with { MessageId = record.MessageId, Record = record.Body.ToElement() });
                break;
            default:
                tracker.Settle(place, known is { State.IsFinished: true } && known.Place == line.Next ? known.State.Stage == Stage.Delivered ? Finish.Delivered : Finish.Quarantined : Finish.Passed);
                break;
        }

        QuarantineEntry EntryOf(string kind, string why) =>
            new(string.Create(CultureInfo.InvariantCulture, $"{kind}-{line.Next.Segment}-{line.Next.Offset}"), null, destination.Id, drain.Time.GetUtcNow(), kind, why);
    }

    /// <summary>
    /// Adds a record to a batch or holds it. A held record also holds later records, because they may have the same target. In a destination with
    /// <c>sync</c>, it holds only later records of its key.
    /// </summary>
    private void Add(BatchBuilder<PendingRecord> batches, PendingRecord record)
    {
        var fate = linked?.Decide(record) ?? LinkedTurn.Fate.Begins;
        if (fate is LinkedTurn.Fate.Settles or LinkedTurn.Fate.EndsRun)
        {
            lock (_lock) _keys.Remove(KeyOf(record.Record));
        }
        else if (fate == LinkedTurn.Fate.Begins && TryPrepare(record) && (destination.Sync is not null || _held.Count == 0))
        {
            linked?.Begins(record);
            Put(batches, record);
        }
        else
        {
            linked?.Waits(record);
            _held.Add(record);
        }
    }

    /// <summary>
    /// Runs steps 4 and 5. If an error of this app occurs with one record, that record is quarantined, so that it does not stop every drain. After several
    /// errors in a row, the record is not considered the cause, and the error is thrown.
    /// </summary>
    /// <returns>False if a list must be read, or an object created, first.</returns>
    private bool TryPrepare(PendingRecord record)
    {
        try
        {
            var isPrepared = Prepare(record);
            _faultsInARow = 0;
            return isPrepared;
        }
        catch (Exception fault) when (OwnFault.Is(fault) && _faultsInARow++ < MostFaultsInARow)
        {
            (record.Resolution, record.Rendered) = (Resolution.Ready.Nothing, RenderResult.Refused(new Problem("$", $"{OwnFault.Reason(fault)}.")));
            return true;
        }
    }

    private bool Prepare(PendingRecord record)
    {
        if (linked is null && record.Record.Operation is not null)
        {
            record.Rendered = RenderResult.Refused(new Problem("$", "has an operation that only destinations with sync support; remove the message's property operation."));
            return true;
        }

        // Step 4: resolve.
        if (record.Decision is { Step: SyncStep.Nothing or SyncStep.Refuse }) return true;
        record.Resolution = record.Decision is { Step: SyncStep.Archive or SyncStep.Delete } ? Resolution.Ready.Nothing : Resolve(record.Record);
        // Step 5: render.
        switch (record.Resolution)
        {
            case Resolution.Ready ready:
                return Render(record, ready, isDraft: false);
            case Resolution.Waits waits:
                _needs.UnionWith(waits.Needs);
                return false;
            case Resolution.Changes changes:
                // Create no objects for a record that cannot be sent.
                Render(record, changes.Draft, isDraft: true);
                if (record.Rendered.Request is null) return true;
                _needs.UnionWith(changes.Needs);
                return false;
            default:
                return true;
        }
    }

    private static void Put(BatchBuilder<PendingRecord> batches, PendingRecord record)
    {
        // A record that may have arrived needs its own verification, so it is not batched.
        batches.Add(record, record.Rendered.Request, record.Record.Body, alone: record.State.MayHaveArrived);
    }

    /// <summary>Chooses the batches that are full or due, up to the size of the turn. The other records are kept for the next turn.</summary>
    private async Task<List<PendingCall>> ChooseAsync(BatchBuilder<PendingRecord> batches, int size, CancellationToken cancel)
    {
        var calls = new List<PendingCall>();
        BatchDue = null;
        bool? isLast = null;
        foreach (var batch in batches.Batches)
        {
            var due = batch.Min(record => record.Record.EnqueuedAt) + (destination.Batching?.MaxAge ?? TimeSpan.Zero);
            // Records of a later segment can never join a waiting batch, because the batch keeps its segment from being deleted.
            var isShort = batches.IsOpen(batch) && due > drain.Time.GetUtcNow() && (isLast ??= await reader.IsLastSegmentAsync(cancel)) == true;
            if (isShort && !(BatchDue < due)) BatchDue = due;
            if (isShort || calls.Count >= size) _unbegun.AddRange(batch);
            else calls.Add(new PendingCall(destination, batch, waits));
        }

        return calls;
    }

    private Resolution Resolve(BacklogRecord record)
    {
        if (!destination.NeedsLookups) return Resolution.Ready.Nothing;
        using var parsed = JsonDocument.Parse(record.Body.Utf8);
        return Resolver.Resolve(destination, parsed.RootElement, drain.Lists);
    }

    /// <param name="isDraft">Whether the record is only checked, not sent.</param>
    /// <returns>False if a list must be read first, because it can contain the object of the record.</returns>
    private bool Render(PendingRecord record, Resolution.Ready ready, bool isDraft)
    {
        if (linked is not null && linked.Prepare(record, ready.Resolved, isDraft) is { } need)
        {
            if (drain.Lists.FailureOf(need) is not { } answer)
            {
                _needs.Add(need);
                return false;
            }

            record.Resolution = new Resolution.Unavailable(answer);
            return true;
        }

        var (operation, rendered) = record.Prepared is { } prepared ? (prepared.Operation, prepared.Rendered) : (destination, RequestRenderer.Render(destination, record.Record.Body, drain.Time.GetUtcNow(), ready.Resolved));
        if (rendered.Request is { } request && record.State is { MayHaveArrived: true, HashOfKey: { } sent } && NaturalKey.HashOf(operation, request) is { } wanted && wanted != sent)
            rendered = RenderResult.Refused(new Problem("$", "is rendered to something else now, so that what may have been sent could not be found."));
        record.Rendered = rendered.Request is null || ready.Warnings.Count == 0 ? rendered : rendered with { Problems = [.. rendered.Problems, .. ready.Warnings] };
        return true;
    }

    private static (string Key, int Attempt) KeyOf(BacklogRecord record) => (record.Key, record.Attempt ?? 0);
}
