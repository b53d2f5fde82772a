using ClockifyFunctions.Backlog;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.References;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.Draining;

/// <summary>Serves one destination while the drain holds the gate of its credential: reads the backlog in turns and begins the delivery of the records.</summary>
internal sealed class Lane : IAsyncDisposable
{
    /// <summary>
    /// The maximum number of tasks in progress, the maximum size of their bodies and events, and the size that is assumed per record in addition to
    /// its body.
    /// </summary>
    private const int MostOpen = 500, MostBytes = 8 << 20, BytesPerRecord = 4096;

    private const int TooManyRequests = 429;

    /// <summary>How often the cursor is written, and before it the outcomes in the journal. After a crash, at most the outcomes of this time are unknown.</summary>
    private static readonly TimeSpan CursorInterval = TimeSpan.FromSeconds(5);

    /// <summary>As <see cref="CursorInterval"/>, while a record waits until the cursor has passed earlier records of its key.</summary>
    private static readonly TimeSpan AwaitedCursorInterval = TimeSpan.FromSeconds(1);

    private readonly DrainScope _drain;
    private readonly Journal _journal;
    private readonly BacklogReader _reader;
    private readonly CursorTracker _tracker;
    private readonly CursorBlob _cursor;
    private readonly DestinationHealth _health;
    private readonly Settlement _settlement;
    private readonly LinkedTurn? _linked;
    private readonly LaneTurn _turn;
    private readonly KeyedRecords? _keys;
    private readonly RecordDelivery _delivery;
    private readonly CallSender _sender;

    /// <summary>The lookups that this lane has in progress.</summary>
    private readonly HashSet<Need> _lookups = [];
    private readonly CancellationTokenSource _begin;
    private int _open, _waiting;
    private long _bytes, _cursorMovedAt;
    private Exception? _broken;

    public Lane(Destination destination, DrainScope drain, AppendLog log, BacklogSummary backlog, CursorBlob cursor, Journal journal, KeyedRecords? keys)
    {
        (Destination, _drain, _journal, _cursor, _cursorMovedAt) = (destination, drain, journal, cursor, drain.Time.GetTimestamp());
        _begin = CancellationTokenSource.CreateLinkedTokenSource(drain.Begin);
        _tracker = new CursorTracker(cursor.Cursor);
        _health = new DestinationHealth(cursor.Cursor.PauseRound, cursor.Cursor.PausedUntil);
        _reader = new BacklogReader(log, _tracker, backlog.End.Segment, WriteAsync);
        _settlement = new Settlement(destination, journal, _tracker, drain);
        _keys = keys;
        var linking = keys is null ? null : new Linking(destination, keys, journal, _tracker, _settlement, drain);
        _linked = keys is null ? null : new LinkedTurn(destination, keys, journal, _tracker, linking!, new RunEnd(destination, keys, log, journal, _tracker, _settlement, drain), drain);
        _turn = new LaneTurn(destination, _reader, _tracker, journal, _settlement, _linked, drain, Waits);
        _sender = new CallSender(destination, drain, _health, Note, _begin.Token);
        _delivery = new RecordDelivery(destination, drain, journal, _tracker, _health, _sender, _settlement, linking, End, _begin.Token);
        drain.Opened(journal);
    }

    public Destination Destination { get; }

    /// <summary>The position up to which the lane has read the backlog.</summary>
    public LogPosition ReadTo => _reader.Position;

    /// <inheritdoc cref="LaneTurn.BatchDue"/>
    public DateTimeOffset? BatchDue => _turn.BatchDue;

    /// <summary>
    /// Whether the lane begins no more records, because its destination was paused or changed, or because the journal contains a newer state than the lane.
    /// The drain opens the lane again after it is idle.
    /// </summary>
    public bool IsEnding => _begin.IsCancellationRequested;

    /// <summary>Whether nothing is in progress and no record waits for a lookup.</summary>
    public bool IsIdle => Volatile.Read(ref _open) == 0 && (IsEnding || _turn.Held is null);

    /// <summary>Whether calls wait for a permit.</summary>
    public bool HasWaiting => Volatile.Read(ref _waiting) > 0;

    /// <summary>Whether the last turn read no lines and began no calls.</summary>
    public bool WasEmpty { get; private set; }

    /// <summary>Returns how many calls the next turn may have.</summary>
    /// <param name="size">The number of calls in a full turn.</param>
    /// <param name="ahead">The next turn may begin when at most this many calls of the current turn wait.</param>
    public int Room(int size, int ahead)
    {
        if (Volatile.Read(ref _broken) is { } broken) throw new InvalidOperationException($"The delivery to '{Destination.Id}' failed.", broken);
        if (IsEnding || Volatile.Read(ref _waiting) > ahead || Interlocked.Read(ref _bytes) >= MostBytes) return 0;
        return Math.Max(0, Math.Min(size, Math.Min(MostOpen, _health.MostOpen(_drain.Time.GetUtcNow())) - Volatile.Read(ref _open)));
    }

    /// <summary>Updates the last segment after the backlog was listed again.</summary>
    public void Listed(BacklogSummary backlog) => _reader.LastSegment = backlog.End.Segment;

    /// <summary>Stops beginning records. Waiting records stay in the backlog, and records in progress continue.</summary>
    public void End() => _begin.Cancel();

    /// <summary>Reads and begins up to <paramref name="size"/> calls.</summary>
    /// <returns>Whether the turn read lines or began calls.</returns>
    public async Task<bool> BeginTurnAsync(int size, CancellationToken cancel)
    {
        var (calls, messages, lines) = await _turn.ReadAsync(size, cancel);
        foreach (var message in messages) _ = TrackAsync(message, BytesPerRecord);
        _journal.Gather(() =>
        {
            foreach (var call in calls)
            {
                call.IsWaiting = true;
                _ = TrackAsync(DeliverAsync(call), call.Records.Sum(record => record.Record.Body.Utf8.Length + BytesPerRecord));
            }
        });
        WasEmpty = lines + calls.Count == 0;
        if (_turn.Held is { } held)
            foreach (var need in _turn.Needs.Where(IsNew)) _ = TrackAsync(LookUpAsync(need, held), BytesPerRecord);
        return !WasEmpty;
    }

    /// <summary>Adds a need to the lookups in progress. Returns false if this lane already has it in progress.</summary>
    private bool IsNew(Need need)
    {
        lock (_lookups) return _lookups.Add(need);
    }

    /// <summary>Runs a lookup that a record needs before it can be resolved. Afterwards, the next turn resolves the record again.</summary>
    private async Task LookUpAsync(Need need, LogPosition place)
    {
        try
        {
            await _drain.Lookups.MeetAsync(need, new LaneLookups(_drain, _journal, _sender, place, _begin.Token));
        }
        catch (OperationCanceledException)
        {
            // The lane that made the call may no longer make calls. If that was another lane, this lane makes the call in its next turn.
        }
        finally
        {
            lock (_lookups) _lookups.Remove(need);
            WasEmpty = false;
        }
    }

    /// <summary>Writes the journal and the cursor if the cursor has not been written for some time.</summary>
    public async Task TendAsync(CancellationToken cancel)
    {
        if (_drain.Time.GetElapsedTime(_cursorMovedAt) >= (_linked is { AwaitsCursor: true } ? AwaitedCursorInterval : CursorInterval)) await WriteAsync(cancel);
    }

    /// <summary>Writes the links, the journal and the cursor. No call is in progress any more, but the broker may not have accepted all messages.</summary>
    public async ValueTask DisposeAsync()
    {
        End();
        if (_keys is not null && !_drain.Gate.Lost.IsCancellationRequested) await _keys.Links.CloseAsync();
        await _journal.CloseAsync();
        if (!_drain.Gate.Lost.IsCancellationRequested) await WriteAsync(_drain.Gate.Lost);
        _begin.Dispose();
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

        _turn.Ended(call);
        // A record that waited for this call may begin now.
        if (_turn.Held is not null) WasEmpty = false;
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
        Interlocked.Add(ref _waiting, begins ? 1 : -1);
        if (!begins) _drain.Changed.Set();
    }

    /// <summary>Counts a finished call, with or without an answer, at the time of its permit.</summary>
    private void Note(CallResult result, Permit permit)
    {
        _tracker.CountCall(_drain.Time.GetUtcNow() - (_drain.Time.GetElapsedTime(0) - permit.At), throttled: result.Status == TooManyRequests);
        if (result.Status is 0 or >= 400) _settlement.NoteError(AnswerText.Describe(result));
    }

    /// <summary>Writes the journal and the keys of runs, and then the cursor, so that the cursor never passes an outcome that is not durable.</summary>
    private async Task WriteAsync(CancellationToken cancel)
    {
        var cursor = _tracker.Cursor with { PauseRound = _health.Round, PausedUntil = _health.PausedUntil, Postponed = _journal.Memory.Postponed };
        await _journal.FlushAsync();
        if (_keys is not null) await _keys.FlushAsync();
        await _cursor.MoveAsync(cursor, cancel);
        _linked?.CursorStored(cursor.Position);
        _cursorMovedAt = _drain.Time.GetTimestamp();
    }
}
