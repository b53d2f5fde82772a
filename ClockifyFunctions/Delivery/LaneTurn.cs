using System.Globalization;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Delivery;

/// <summary>Turns lines of one backlog into calls: what the journal says about each line, rendering, and batches.</summary>
internal sealed class LaneTurn(Destination destination, BacklogReader reader, CursorTracker tracker, Journal journal, Settlement settlement, LinkedTurn? linked, DrainScope drain, Action<bool> waits)
{
    /// <summary>Lines of one turn: those that need no call would otherwise keep the other destinations waiting.</summary>
    private const int MostFaultsInARow = 3, MostLines = 5000;

    /// <summary>Records that were read, and whose batch waits for more or for the next turn. They are still in the backlog.</summary>
    private readonly List<PendingRecord> _unbegun = [];

    /// <summary>Keys of the records read and not ended, so that a second copy of one is not begun.</summary>
    private readonly HashSet<(string Key, int Attempt)> _keys = [];
    private readonly Lock _lock = new();
    private int _faultsInARow;

    /// <summary>Records were read that wait for others of their key, or for the end of their run.</summary>
    public bool HasHeld => linked is { IsHolding: true };

    /// <summary>When the oldest batch that is not full is due; null if none waits.</summary>
    public DateTimeOffset? BatchDue { get; private set; }

    /// <summary>Reads up to <paramref name="size"/> calls, in the order in which they are to begin.</summary>
    /// <returns>And the messages of records that are finished already.</returns>
    public async Task<(IReadOnlyList<PendingCall> Calls, IReadOnlyList<Task> Messages, int Lines)> ReadAsync(int size, CancellationToken cancel)
    {
        var (batches, messages, lines) = (new BatchBuilder<PendingRecord>(destination.Batching), new List<Task>(), 0);
        var held = linked is null ? [] : linked.TakeHeld();
        foreach (var record in _unbegun) Add(batches, record);
        _unbegun.Clear();
        foreach (var record in held) Prepare(record, batches);
        reader.BeginTurn();
        if (linked is not null) lines += await linked.EndRunAsync(messages);
        for (; !batches.IsEnough(size) && lines < MostLines && linked is not { IsFull: true } && await reader.NextAsync(cancel) is { } line; lines++) await ReadAsync(line, batches, messages);
        if (linked is not null) messages.Add(linked.SettleUnchangedAsync());
        var calls = await ChooseAsync(batches, size, cancel);
        // Copies of postponed records come back in any order. Of one target, the original order counts.
        return ([.. calls.OrderBy(call => call.First.Sequence)], messages, lines);
    }

    public void Ended(PendingCall call)
    {
        lock (_lock)
            foreach (var record in call.Records) _keys.Remove(KeyOf(record.Record));
        linked?.Ended(call);
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
        // The same message may be ingested twice, and both copies may be read before the first is finished.
        bool isSecond;
        lock (_lock) isSecond = _keys.Contains(KeyOf(record));
        var reading = isSecond ? new Reading.Pass() : Reading.Of(record.Attempt ?? 0, record.MayHaveArrived ?? false, record.Digest, known?.State, known is { IsPending: true } && known.Place == line.Next, drain.Entered);
        switch (reading)
        {
            case Reading.Begin begin:
                Prepare(new PendingRecord(record, place, begin.State, linked is null ? null : await linked.ReadAsync(record)), batches);
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

    /// <summary>Decides what is sent for a record, unless nothing is, or not yet.</summary>
    private void Prepare(PendingRecord record, BatchBuilder<PendingRecord> batches)
    {
        // Step 4: resolve.
        if (linked is null && record.Record.Operation is not null)
            record.Rendered = RenderResult.Refused(new Problem("$", "asks for an operation that only destinations with sync know; leave the message's property operation out."));
        else if (linked is not null && !linked.Decide(record))
            return;

        // Step 5: render.
        else if (record.Decision is null or { Step: not (SyncStep.Nothing or SyncStep.Refuse) })
            Render(record);
        Add(batches, record);
    }

    private void Add(BatchBuilder<PendingRecord> batches, PendingRecord record)
    {
        lock (_lock) _keys.Add(KeyOf(record.Record));
        // A record that may have arrived is answered for alone.
        batches.Add(record, record.Rendered.Request, record.Record.Body, alone: record.State.MayHaveArrived);
    }

    /// <summary>Of the batches those that are full or due, as many as the turn may have. The others stay read for the next turn.</summary>
    private async Task<List<PendingCall>> ChooseAsync(BatchBuilder<PendingRecord> batches, int size, CancellationToken cancel)
    {
        var calls = new List<PendingCall>();
        BatchDue = null;
        bool? isLast = null;
        foreach (var batch in batches.Batches)
        {
            var due = batch.Min(record => record.Record.EnqueuedAt) + (destination.Batching?.MaxAge ?? TimeSpan.Zero);
            // A batch that waits keeps its segment from being deleted, so records of a later segment could never join it.
            var isShort = batches.IsOpen(batch) && due > drain.Time.GetUtcNow() && (isLast ??= await reader.IsLastSegmentAsync(cancel)) == true;
            if (isShort && !(BatchDue < due)) BatchDue = due;
            if (isShort || calls.Count >= size) _unbegun.AddRange(batch);
            else calls.Add(new PendingCall(destination, batch, waits));
        }

        return calls;
    }

    /// <summary>An error of this app with one record must not stop every drain at that record. After several in a row, no record is at fault.</summary>
    private void Render(PendingRecord record)
    {
        try
        {
            if (linked is not null) record.Prepared = linked.Prepare(record);
            var (operation, rendered) = record.Prepared is { } prepared ? (prepared.Operation, prepared.Rendered) : (destination, RequestRenderer.Render(destination, record.Record.Body, drain.Time.GetUtcNow()));
            _faultsInARow = 0;
            record.Rendered = record.State is { MayHaveArrived: true, HashOfKey: { } sent } && rendered.Request is { } request && NaturalKey.HashOf(operation, request) is { } wanted && wanted != sent
                ? RenderResult.Refused(new Problem("$", "is rendered to something else now, so that what may have been sent could not be found."))
                : rendered;
        }
        catch (Exception fault) when (OwnFault.Is(fault) && _faultsInARow++ < MostFaultsInARow)
        {
            record.Rendered = RenderResult.Refused(new Problem("$", $"{OwnFault.Reason(fault)}."));
        }
    }

    private static (string Key, int Attempt) KeyOf(BacklogRecord record) => (record.Key, record.Attempt ?? 0);
}
