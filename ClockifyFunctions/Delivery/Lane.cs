using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.References;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.Delivery;

/// <summary>One destination while the gate of its credential is held: reads its backlog in turns and begins the delivery of what it reads.</summary>
internal sealed class Lane : IAsyncDisposable
{
    /// <summary>What may be under way: records, and bytes of their bodies and events.</summary>
    private const int MostOpen = 500, MostBytes = 8 << 20, BytesPerRecord = 4096;

    private const int TooManyRequests = 429;

    /// <summary>Outcomes that no append has carried along are written after so long, so that a crash leaves few records in doubt.</summary>
    private static readonly TimeSpan JournalInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CursorInterval = TimeSpan.FromSeconds(5);

    private readonly DrainScope _drain;
    private readonly Journal _journal;
    private readonly BacklogReader _reader;
    private readonly CursorTracker _tracker;
    private readonly CursorBlob _cursor;
    private readonly DestinationHealth _health;
    private readonly Settlement _settlement;
    private readonly LaneTurn _turn;
    private readonly KeyedRecords? _keys;
    private readonly RecordDelivery _delivery;
    private readonly CallSender _sender;

    /// <summary>Lookups under way for this lane.</summary>
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
        var linked = keys is null ? null : new LinkedTurn(destination, keys, journal, _tracker, linking!, new RunEnd(destination, keys, log, journal, _tracker, _settlement, drain), drain);
        _turn = new LaneTurn(destination, _reader, _tracker, journal, _settlement, linked, drain, Waits);
        _sender = new CallSender(destination, drain, _health, Note, _begin.Token);
        _delivery = new RecordDelivery(destination, drain, journal, _tracker, _health, _sender, _settlement, linking, End, _begin.Token);
        drain.Opened(journal);
    }

    public Destination Destination { get; }

    /// <summary>How far the lane has read.</summary>
    public LogPosition ReadTo => _reader.Position;

    /// <inheritdoc cref="LaneTurn.BatchDue"/>
    public DateTimeOffset? BatchDue => _turn.BatchDue;

    /// <summary>It begins no more records: it is paused or changed, or the journal knows more than it. It is opened again once it is idle.</summary>
    public bool IsEnding => _begin.IsCancellationRequested;

    /// <summary>Nothing is under way, and no record waits for a lookup.</summary>
    public bool IsIdle => Volatile.Read(ref _open) == 0 && (IsEnding || _turn.Held is null);

    /// <summary>Calls wait for a permit.</summary>
    public bool HasWaiting => Volatile.Read(ref _waiting) > 0;

    /// <summary>Its last turn found nothing.</summary>
    public bool WasEmpty { get; private set; }

    /// <summary>How many calls the next turn may have.</summary>
    /// <param name="size">Of a full turn.</param>
    /// <param name="ahead">So few waiting calls are left of a turn when the next one may begin.</param>
    public int Room(int size, int ahead)
    {
        if (Volatile.Read(ref _broken) is { } broken) throw new InvalidOperationException($"The delivery to '{Destination.Id}' failed.", broken);
        if (IsEnding || Volatile.Read(ref _waiting) > ahead || Interlocked.Read(ref _bytes) >= MostBytes) return 0;
        return Math.Max(0, Math.Min(size, Math.Min(MostOpen, _health.MostOpen(_drain.Time.GetUtcNow())) - Volatile.Read(ref _open)));
    }

    /// <summary>The backlog was listed again: a segment may have been added.</summary>
    public void Listed(BacklogSummary backlog) => _reader.LastSegment = backlog.End.Segment;

    /// <summary>No more records are begun. Those that wait stay in the backlog; those under way go on.</summary>
    public void End() => _begin.Cancel();

    /// <summary>Reads and begins up to <paramref name="size"/> calls.</summary>
    /// <returns>Whether there were any lines.</returns>
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

    /// <summary>Whether a need is not being met for this lane already; then it is now.</summary>
    private bool IsNew(Need need)
    {
        lock (_lookups) return _lookups.Add(need);
    }

    /// <summary>Meets what a record needs before it can be resolved, and sees to it that the next turn resolves it again.</summary>
    private async Task LookUpAsync(Need need, LogPosition place)
    {
        try
        {
            await _drain.Lookups.MeetAsync(need, new LaneLookups(_drain, _journal, _sender, place, _begin.Token));
        }
        catch (OperationCanceledException)
        {
            // Its lane begins no calls any more. If that is another one, this lane makes the call in its next turn.
        }
        finally
        {
            lock (_lookups) _lookups.Remove(need);
            WasEmpty = false;
        }
    }

    /// <summary>Writes down from time to time what is known.</summary>
    public async Task TendAsync(CancellationToken cancel)
    {
        if (_drain.Time.GetElapsedTime(_cursorMovedAt) >= CursorInterval) await WriteAsync(cancel);
        if (_drain.Time.GetElapsedTime(_journal.WrittenAt) >= JournalInterval) await _journal.FlushAsync();
    }

    /// <summary>Writes down what is known. Nothing is under way any more, but perhaps messages that the broker did not accept.</summary>
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
        // A record that waited for this one may begin now.
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

    /// <summary>Counts a finished call, answered or not, at the time of its permit.</summary>
    private void Note(CallResult result, Permit permit)
    {
        _tracker.CountCall(_drain.Time.GetUtcNow() - (_drain.Time.GetElapsedTime(0) - permit.At), throttled: result.Status == TooManyRequests);
        if (result.Status is 0 or >= 400) _settlement.NoteError(AnswerText.Describe(result));
    }

    /// <summary>Writes the journal and what runs have named, and then the cursor: it passes nothing that is not durable.</summary>
    private async Task WriteAsync(CancellationToken cancel)
    {
        var cursor = _tracker.Cursor with { PauseRound = _health.Round, PausedUntil = _health.PausedUntil, Postponed = _journal.Memory.Postponed };
        await _journal.FlushAsync();
        if (_keys is not null) await _keys.FlushAsync();
        await _cursor.MoveAsync(cursor, cancel);
        _cursorMovedAt = _drain.Time.GetTimestamp();
    }
}
