using System.Globalization;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

using ClockifyFunctions.Journaling;

namespace ClockifyFunctions.Delivery;

/// <summary>One destination while the gate of its credential is held: reads its backlog in turns and begins the delivery of what it reads.</summary>
internal sealed class Lane : IAsyncDisposable
{
    /// <summary>What may be under way: records, and bytes of their bodies and events.</summary>
    private const int MostOpen = 500, MostBytes = 8 << 20, BytesPerRecord = 4096;

    private const int TooManyRequests = 429, MostFaultsInARow = 3;
    /// <summary>Outcomes that no append has carried along are written after so long, so that a crash leaves few records in doubt.</summary>
    private static readonly TimeSpan JournalInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CursorInterval = TimeSpan.FromSeconds(5);

    private readonly DrainScope _drain;
    private readonly Journal _journal;
    private readonly BacklogReader _reader;
    private readonly CursorTracker _tracker;
    private readonly CursorBlob _cursor;
    private readonly Settlement _settlement;
    private readonly RecordDelivery _delivery;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _begin;

    /// <summary>Records that were read, and whose batch waits for more or for the next turn. They are still in the backlog.</summary>
    private readonly List<PendingRecord> _unbegun = [];

    /// <summary>Keys of the records under way, so that a second copy of one is not begun.</summary>
    private readonly HashSet<(string Key, int Attempt)> _keys = [];
    private readonly Lock _lock = new();
    private int _open, _waiting, _faultsInARow;
    private long _bytes, _cursorMovedAt;
    private Exception? _broken;

    public Lane(Destination destination, DrainScope drain, AppendLog log, BacklogSummary backlog, CursorBlob cursor, Journal journal)
    {
        (Destination, _drain, _journal, _cursor, _time) = (destination, drain, journal, cursor, drain.Time);
        _begin = CancellationTokenSource.CreateLinkedTokenSource(drain.Begin);
        _tracker = new CursorTracker(cursor.Cursor);
        Health = new DestinationHealth(cursor.Cursor.PauseRound, cursor.Cursor.PausedUntil);
        _reader = new BacklogReader(log, _tracker, backlog.End.Segment, WriteAsync);
        _settlement = new Settlement(destination, journal, _tracker, drain.Quarantine, drain.Queues, _time, drain.Log, drain.GiveUp);
        var sender = new CallSender(destination, drain, Health, Note, _begin.Token);
        _delivery = new RecordDelivery(destination, drain, journal, _tracker, Health, sender, _settlement, End, _begin.Token);
        drain.Opened(journal);
        _cursorMovedAt = _time.GetTimestamp();
    }

    public Destination Destination { get; }

    public DestinationHealth Health { get; }

    /// <summary>How far the lane has read.</summary>
    public LogPosition ReadTo => _reader.Position;

    /// <summary>It begins no more records: it is paused or changed, or the journal knows more than it. It is opened again once it is idle.</summary>
    public bool IsEnding => _begin.IsCancellationRequested;

    /// <summary>Nothing is under way.</summary>
    public bool IsIdle => Volatile.Read(ref _open) == 0;

    /// <summary>Calls wait for a permit.</summary>
    public bool HasWaiting => Volatile.Read(ref _waiting) > 0;

    /// <summary>When the oldest batch that is not full is due; null if none waits.</summary>
    public DateTimeOffset? BatchDue { get; private set; }

    public bool WasEmpty { get; private set; }

    /// <summary>How many calls the next turn may have.</summary>
    /// <param name="size">Of a full turn.</param>
    /// <param name="ahead">So few waiting calls are left of a turn when the next one may begin.</param>
    public int Room(int size, int ahead)
    {
        if (Volatile.Read(ref _broken) is { } broken) throw new InvalidOperationException($"The delivery to '{Destination.Id}' failed.", broken);
        var open = Volatile.Read(ref _open);
        if (IsEnding || Volatile.Read(ref _waiting) > ahead || Interlocked.Read(ref _bytes) >= MostBytes) return 0;
        return Math.Max(0, Math.Min(size, Math.Min(MostOpen, Health.MostOpen(_time.GetUtcNow())) - open));
    }

    /// <summary>The backlog was listed again: a segment may have been added.</summary>
    public void Listed(BacklogSummary backlog) => _reader.LastSegment = backlog.End.Segment;

    /// <summary>No more records are begun. Those that wait stay in the backlog; those under way go on.</summary>
    public void End() => _begin.Cancel();

    /// <summary>Reads and begins up to <paramref name="size"/> calls.</summary>
    /// <returns>Whether there were any lines.</returns>
    public async Task<bool> BeginTurnAsync(int size, CancellationToken cancel)
    {
        var batches = new BatchBuilder<PendingRecord>(Destination.Batching);
        foreach (var record in _unbegun) Add(batches, record);
        _unbegun.Clear();
        var messages = new List<Task>();
        var read = 0;
        _reader.BeginTurn();
        while (!batches.IsEnough(size) && await _reader.NextAsync(cancel) is { } line)
        {
            read++;
            await ReadAsync(line, batches, messages);
        }

        foreach (var message in messages) _ = TrackAsync(message, BytesPerRecord);
        var calls = await ChooseAsync(batches, size, cancel);
        // Copies of postponed records come back in any order. Of one target, the original order counts.
        _journal.Gather(() =>
        {
            foreach (var call in calls.OrderBy(call => call.First.Sequence)) Begin(call);
        });
        WasEmpty = read + calls.Count == 0;
        return !WasEmpty;
    }

    /// <summary>Writes down from time to time what is known.</summary>
    public async Task TendAsync(CancellationToken cancel)
    {
        if (_time.GetElapsedTime(_cursorMovedAt) >= CursorInterval) await WriteAsync(cancel);
        if (_time.GetElapsedTime(_journal.WrittenAt) >= JournalInterval) await _journal.FlushAsync();
    }

    /// <summary>Writes down what is known. Nothing is under way any more, but perhaps messages that the broker did not accept.</summary>
    public async ValueTask DisposeAsync()
    {
        End();
        await _journal.CloseAsync();
        if (!_drain.Gate.Lost.IsCancellationRequested) await WriteAsync(_drain.Gate.Lost);
        _begin.Dispose();
    }

    private async Task ReadAsync(LogChunk.Entry line, BatchBuilder<PendingRecord> batches, List<Task> messages)
    {
        var place = _tracker.Begin(line.Next);
        if (BacklogRecord.Read(line) is not { } record)
        {
            const string Damaged = "A line of the backlog does not match its checksum, or holds no record. Compare it with the producer's copy and send the record again.";
            await _settlement.QuarantineLineAsync(place, EntryOf(line, "damaged", Damaged) with { Raw = line.Payload.ToArray() });
            return;
        }

        var (attempt, known) = (record.Attempt ?? 0, _journal.Memory.Find(record.Key));
        // The same message may be ingested twice, and both copies may be read before the first is finished.
        bool isSecond;
        lock (_lock) isSecond = _keys.Contains((record.Key, attempt));
        var reading = isSecond ? new Reading.Pass() : Reading.Of(attempt, record.MayHaveArrived ?? false, record.Digest, known?.State, known is { IsPending: true } && known.Place == line.Next, _drain.Entered);
        switch (reading)
        {
            case Reading.Begin begin:
                Add(batches, new PendingRecord(record, place, begin.State, Render(record, begin.State)));
                break;
            case Reading.SendAgain:
                messages.Add(_settlement.SendAgainAsync(record, place, known!));
                break;
            case Reading.Unannounced:
                var reason = $"The message claims to be a postponed copy of record {record.Id}, but this destination did not postpone it, or with another body. If the destination was deleted or changed meanwhile, check in Clockify whether the record arrived; if it has not, replay it.";
                await _settlement.QuarantineLineAsync(place, EntryOf(line, "unknown", reason) with { MessageId = record.MessageId, Record = record.Body.ToElement() });
                break;
            default:
                _tracker.Settle(place, known is { State.IsFinished: true } && known.Place == line.Next ? known.State.Stage == Stage.Delivered ? Finish.Delivered : Finish.Quarantined : Finish.Passed);
                break;
        }

        QuarantineEntry EntryOf(LogChunk.Entry entry, string kind, string why) =>
            new(string.Create(CultureInfo.InvariantCulture, $"{kind}-{entry.Next.Segment}-{entry.Next.Offset}"), null, Destination.Id, _time.GetUtcNow(), kind, why);
    }

    private void Add(BatchBuilder<PendingRecord> batches, PendingRecord record)
    {
        lock (_lock) _keys.Add((record.Record.Key, record.Record.Attempt ?? 0));
        // A record that may have arrived, or that has no request, is answered for alone.
        batches.Add(record, record.Rendered.Request, record.Record.Body, alone: record.State.MayHaveArrived || record.Rendered.Request is null);
    }

    /// <summary>Of the batches those that are full or due, as many as the turn may have. The others stay read for the next turn.</summary>
    private async Task<List<PendingCall>> ChooseAsync(BatchBuilder<PendingRecord> batches, int size, CancellationToken cancel)
    {
        var calls = new List<PendingCall>();
        BatchDue = null;
        bool? isLast = null;
        foreach (var batch in batches.Batches)
        {
            var due = batch.Min(record => record.Record.EnqueuedAt) + (Destination.Batching?.MaxAge ?? TimeSpan.Zero);
            // A batch that waits keeps its segment from being deleted, so records of a later segment could never join it.
            var waits = batches.IsOpen(batch) && due > _time.GetUtcNow() && (isLast ??= await _reader.IsLastSegmentAsync(cancel)) == true;
            if (waits && !(BatchDue < due)) BatchDue = due;
            if (waits || calls.Count >= size) _unbegun.AddRange(batch);
            else calls.Add(new PendingCall(Destination, batch, Waits));
        }

        return calls;
    }

    private void Begin(PendingCall call)
    {
        call.IsWaiting = true;
        _ = TrackAsync(DeliverAsync(call), call.Records.Sum(record => record.Record.Body.Utf8.Length + BytesPerRecord));
    }

    private async Task DeliverAsync(PendingCall call)
    {
        try
        {
            await _delivery.DeliverAsync(call);
        }
        catch (RecordDelivery.OutdatedException)
        {
            End();
        }

        lock (_lock)
            foreach (var record in call.Records) _keys.Remove((record.Record.Key, record.Record.Attempt ?? 0));
    }

    private async Task TrackAsync(Task task, long bytes)
    {
        Interlocked.Increment(ref _open);
        Interlocked.Add(ref _bytes, bytes);
        try
        {
            await task;
        }
        catch (Exception broken)
        {
            Interlocked.CompareExchange(ref _broken, broken, null);
            End();
        }
        finally
        {
            Interlocked.Add(ref _bytes, -bytes);
            Interlocked.Decrement(ref _open);
            _drain.Changed.Set();
        }
    }

    private void Waits(bool begins)
    {
        if (begins) Interlocked.Increment(ref _waiting);
        else Interlocked.Decrement(ref _waiting);
        if (!begins) _drain.Changed.Set();
    }

    /// <summary>Counts a finished call, answered or not, at the time of its permit.</summary>
    private void Note(CallResult result, Permit permit)
    {
        _tracker.CountCall(_time.GetUtcNow() - (_time.GetElapsedTime(0) - permit.At), throttled: result.Status == TooManyRequests);
        if (result.Status is 0 or >= 400) _settlement.NoteError(AnswerText.Describe(result));
    }

    /// <summary>Writes the journal, and then the cursor: it passes no outcome that is not durable.</summary>
    private async Task WriteAsync(CancellationToken cancel)
    {
        var cursor = _tracker.Cursor with { PauseRound = Health.Round, PausedUntil = Health.PausedUntil, Postponed = _journal.Memory.Postponed };
        await _journal.FlushAsync();
        await _cursor.MoveAsync(cursor, cancel);
        _cursorMovedAt = _time.GetTimestamp();
    }

    /// <summary>An error of this app with one record must not stop every drain at that record. After several in a row, no record is at fault.</summary>
    private RenderResult Render(BacklogRecord record, RecordState state)
    {
        try
        {
            var rendered = RequestRenderer.Render(Destination, record.Body, _time.GetUtcNow());
            _faultsInARow = 0;
            return state is { MayHaveArrived: true, HashOfKey: { } sent } && rendered.Request is { } request && NaturalKey.HashOf(Destination, request) is { } wanted && wanted != sent
                ? RenderResult.Refused(new Problem("$", "is rendered to something else now, so that what may have been sent could not be found."))
                : rendered;
        }
        catch (Exception fault) when (OwnFault.Is(fault) && _faultsInARow++ < MostFaultsInARow)
        {
            return RenderResult.Refused(new Problem("$", $"{OwnFault.Reason(fault)}."));
        }
    }
}
