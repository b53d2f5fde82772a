using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Delivery;

/// <summary>One destination while its credential's gate is held: reads its backlog, keeps its journal, moves its cursor.</summary>
internal sealed class Lane
{
    private const int TooManyRequests = 429, MostFaultsInARow = 3;
    private static readonly TimeSpan CursorInterval = TimeSpan.FromSeconds(5);

    private readonly AppendLog _log;
    private readonly CursorBlob _cursor;
    private readonly CursorTracker _tracker;
    private readonly BacklogReader _reader;
    private readonly QuarantineStore _quarantine;
    private readonly TimeProvider _time;

    /// <summary>Records read and rendered whose batch waits for more, or for the next turn; no intent is written, so a later drain finds them as they were.</summary>
    private readonly List<PendingRecord> _held = [];
    private int _faultsInARow;

    /// <summary>Calls that have intents, less those known to be begun.</summary>
    private readonly List<PendingCall> _intended = [];

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private long _cursorMovedAt;
    private long _stalledAt;

    private Lane(Destination destination, CallsInFlight.Share inFlight, AppendLog log, CursorBlob cursor, int lastSegment, Journal journal, QuarantineStore quarantine, TimeProvider time)
    {
        (Destination, _log, _cursor, Journal, _quarantine, _time) = (destination, log, cursor, journal, quarantine, time);
        Load = new LaneLoad(inFlight);
        _tracker = new CursorTracker(cursor.Cursor);
        _reader = new BacklogReader(log, _tracker, lastSegment, cancel => WriteAsync(moveCursor: true, cancel));
        _cursorMovedAt = time.GetTimestamp();
    }

    public Destination Destination { get; }

    public Journal Journal { get; }

    public LaneLoad Load { get; }

    /// <summary>Its host does not work at the moment: no more turns in this drain.</summary>
    public bool IsStalled => Volatile.Read(ref _stalledAt) != 0;

    public TimeSpan StalledFor => IsStalled ? _time.GetElapsedTime(_stalledAt) : TimeSpan.Zero;

    /// <summary>How a good key is refused here; until something is taken.</summary>
    public Refusal? Refusal { get; set; }

    /// <summary>It had nothing to send when it was last asked.</summary>
    public bool WasEmpty { get; private set; }

    /// <summary>A person has paused it, or it is gone: what was read is not begun.</summary>
    public bool IsPaused { get; set; }

    public bool MayBegin => !IsStalled && !IsPaused;

    /// <param name="backlog">As listed since the gate was entered.</param>
    public static async Task<Lane> OpenAsync(
        Destination destination, BacklogSummary backlog, CallsInFlight.Share inFlight, Backlogs backlogs, BlobAccount account, Journals journals, QuarantineStore quarantine, TimeProvider time, CancellationToken cancel)
    {
        var journal = await journals.OpenAsync(backlog.Credential, destination.Id, backlog.Cursor.Position, cancel);
        return new Lane(destination, inFlight, backlogs.Log(backlog.Credential, destination.Id), CursorBlob.Open(account, backlog), backlog.LastSegment, journal, quarantine, time);
    }

    /// <summary>The backlog was listed again: a segment may have been begun since.</summary>
    public void Listed(BacklogSummary backlog) => _reader.Listed(backlog.LastSegment);

    /// <summary>The batches that wait for more records; null when none does, or when that is not known.</summary>
    public HeldBatches? Held => _held.Count == 0 || _reader.Passed > 0 ? null : new HeldBatches(_held.Min(DueAt), new() { [Destination.Id] = _reader.Position.Offset - _tracker.Cursor.Position.Offset });

    /// <summary>
    /// The next calls to make, about <paramref name="max"/>, the intents of their records durable. Records that are done already come
    /// back in <see cref="Turn.DoneBefore"/>, because their response events may still be owed. An empty turn means that nothing waits but <see cref="Held"/>.
    /// </summary>
    public async Task<Turn> NextTurnAsync(int max, CancellationToken cancel)
    {
        await _reader.BeginTurnAsync(cancel);
        var pending = new BatchBuilder<PendingRecord>(Destination.Batching);
        var triedInVain = _held.Count(record => Journal.WasTriedInVain(record.Record.Key));
        foreach (var record in _held) pending.Add(record, record.Request, record.Record.Body, alone: record.OutcomeUnknown);
        _held.Clear();
        var done = new List<DoneRecord>();
        while (!pending.IsEnough(max + triedInVain))
        {
            if (await _reader.NextAsync(cancel) is not { } line)
            {
                // Where nothing else is left of the segment, those of the next one are not to wait for a person: they may show that the host works.
                var mayPass = triedInVain > 0 && _reader.MayPass && _tracker.Unfinished == pending.Batches.Sum(batch => batch.Count) + done.Count + _reader.Passed && !HasUntried(pending);
                if (mayPass && await _reader.PassSegmentAsync(cancel)) continue;
                break;
            }

            var place = _tracker.Begin(line.Next);
            if (BacklogRecord.Read(line) is not { } record)
            {
                await QuarantineDamagedAsync(line, cancel);
                _tracker.Settle(place, Finish.Quarantined);
                continue;
            }

            // The same message ingested twice: once after a crash, say. A record still open in this drain counts as well.
            var latest = Journal.Latest(record.Key);
            var isDone = latest is { Kind: JournalKind.Delivered or JournalKind.Quarantined };
            if (!_seen.Add(record.Key) || (isDone && latest!.Place != line.Next)) _tracker.Settle(place, Finish.Duplicate);
            else if (isDone) done.Add(new DoneRecord(this, place, latest!));
            else
            {
                // Step 4: render. A record that an earlier process may have sent is answered for alone.
                var isUnknown = latest?.Kind == JournalKind.Intent;
                var (request, problems) = Render(record);
                if (isUnknown && request is not null && latest!.Intended?.HashOfKey is { } sent && NaturalKey.HashOf(Destination, request) is { } wanted && wanted != sent)
                    (request, problems) = (null, [new Problem("$", "is rendered to something else now, so that what may have been sent could not be found.")]);
                if (request is null)
                {
                    await QuarantineInvalidAsync(record, problems, mayHaveArrived: isUnknown, cancel);
                    Journal.Add(new JournalEntry(record.Key, JournalKind.Quarantined, line.Next));
                    _tracker.Settle(place, Finish.Quarantined);
                    continue;
                }

                var intended = latest?.Intended is var (first, last, _) ? (DateTimeOffset.FromUnixTimeSeconds(first), DateTimeOffset.FromUnixTimeSeconds(last)) : (_time.GetUtcNow(), _time.GetUtcNow());
                if (Journal.WasTriedInVain(record.Key)) triedInVain++;
                pending.Add(new PendingRecord(this, record, request, place, isUnknown, intended), request, record.Body, alone: isUnknown);
            }
        }

        var calls = new List<PendingCall>();
        bool? isLast = null;
        foreach (var batch in pending.Batches)
        {
            // What is held keeps its segment from being left, so that records in a later one could never join it.
            if (pending.IsOpen(batch) && batch.Min(DueAt) > _time.GetUtcNow() && (isLast ??= await _log.NextSegmentAsync(_reader.Position.Segment, cancel) is null) == true) _held.AddRange(batch);
            // More are complete, or due, than a turn has calls: they are the first of the next one.
            else if (calls.Count >= max + triedInVain) _held.AddRange(batch);
            else calls.Add(PendingCall.For(Destination, batch));
        }

        _intended.RemoveAll(call => call.IsBegun);
        _intended.AddRange(calls);
        long? now = Destination.CanReadBack ? _time.GetUtcNow().ToUnixTimeSeconds() : null;
        foreach (var (call, record) in calls.SelectMany(call => call.Records, (call, record) => (call, record))) Journal.Add(new JournalEntry(record.Record.Key, JournalKind.Intent, record.Place.Next, IntendedAt: now, HashOfKey: call.HashOfKey));
        await WriteAsync(moveCursor: _time.GetElapsedTime(_cursorMovedAt) >= CursorInterval, cancel);
        // What a former holder wrote late may have been heard only now.
        foreach (var call in calls.Where(call => call.OutcomeUnknown).ToArray())
        {
            if (Journal.Latest(call.Records[0].Record.Key) is not { Kind: JournalKind.Delivered or JournalKind.Quarantined } outcome) continue;
            calls.Remove(call);
            done.Add(new DoneRecord(this, call.Records[0].Place, outcome));
        }

        WasEmpty = calls.Count + done.Count == 0;
        return new Turn(triedInVain == 0 ? calls : UntriedFirst(calls), done);
    }

    public void Settle(CursorTracker.Entry place, Finish how) => _tracker.Settle(place, how);

    /// <summary>Nobody else of its host was served while this was tried in vain: the host does not work, or those that would show that it does come later.</summary>
    public void Stall(PendingCall vain)
    {
        Interlocked.CompareExchange(ref _stalledAt, _time.GetTimestamp(), 0);
        TriedInVain(vain);
    }

    /// <summary>The next drains begin with others; <paramref name="once"/>, only the next one does.</summary>
    public void TriedInVain(PendingCall call, bool once = false) => Journal.TriedInVain(call.Records[0].Record.Key, once);

    /// <summary>Counts a finished call, answered or not, at the time of its permit.</summary>
    public void Count(CallResult result, Permit permit)
    {
        _tracker.Count(_time.GetUtcNow() - (_time.GetElapsedTime(0) - permit.At), throttled: result.Status == TooManyRequests);
        if (result.Status is 0 or >= 400) Note(AnswerText.Describe(result));
    }

    /// <summary>Notes an error for people who look at the destination.</summary>
    public void Note(string error) => _tracker.Note(new LastError(_time.GetUtcNow(), AnswerText.Shorten(error, AnswerText.MostOfALastError)));

    /// <summary>Writes down what is known; called when the lane has no more calls in flight.</summary>
    /// <param name="lost">Fires when the gate is: the cursor is its holder's.</param>
    public async Task CloseAsync(CancellationToken lost)
    {
        // What was not begun is as if it had not been read; but where the outcome was unknown it still is.
        foreach (var call in _intended.Where(call => !call.IsBegun && !call.OutcomeUnknown)) call.Release();
        await Journal.CloseAsync(lost);
        if (lost.IsCancellationRequested) return;
        await _reader.LeavePassedAsync(lost);
        await WriteAsync(moveCursor: true, lost);
    }

    /// <summary>What was tried in vain goes last, with all that is for the same objects: so each drain tries others, until one shows that the host works.</summary>
    private List<PendingCall> UntriedFirst(List<PendingCall> calls)
    {
        var last = LastOf(calls);
        foreach (var record in last.SelectMany(call => call.Records)) Journal.HasComeLast(record.Record.Key);
        return [.. calls.Where(call => !last.Contains(call)), .. calls.Where(last.Contains)];
    }

    private HashSet<PendingCall> LastOf(IReadOnlyList<PendingCall> calls)
    {
        var (last, targets) = (new HashSet<PendingCall>(ReferenceEqualityComparer.Instance), new HashSet<int>());
        foreach (var call in calls)
        {
            if (!(call.Target is { } its && targets.Contains(its)) && !call.Records.Any(record => Journal.WasTriedInVain(record.Record.Key))) continue;
            last.Add(call);
            if (call.Target is { } target) targets.Add(target);
        }

        return last;
    }

    private bool HasUntried(BatchBuilder<PendingRecord> pending)
    {
        PendingCall[] calls = [.. pending.Batches.Select(batch => PendingCall.For(Destination, batch))];
        return LastOf(calls).Count < calls.Length;
    }

    private DateTimeOffset DueAt(PendingRecord record) => record.Record.EnqueuedAt + (Destination.Batching?.MaxAge ?? TimeSpan.Zero);

    /// <summary>Writes the journal, and then perhaps the cursor: it passes no outcome that is not durable.</summary>
    private async Task WriteAsync(bool moveCursor, CancellationToken cancel)
    {
        var cursor = _tracker.Cursor;
        await Journal.WriteAsync(cancel);
        if (!moveCursor) return;
        await _cursor.MoveAsync(cursor, cancel);
        _cursorMovedAt = _time.GetTimestamp();
    }

    /// <summary>No call was made, so there is nothing to answer and no response event.</summary>
    /// <param name="mayHaveArrived">An earlier process may have sent it, when the destination still took it.</param>
    private Task QuarantineInvalidAsync(BacklogRecord record, IReadOnlyList<Problem> problems, bool mayHaveArrived, CancellationToken cancel)
    {
        var reason = string.Join(" ", problems);
        return QuarantineAsync(
            new QuarantineEntry(record.Id, record.MessageId, Destination.Id, _time.GetUtcNow(), "invalid",
                mayHaveArrived ? $"{reason} It may have been sent before the destination was changed: check in Clockify." : reason, Record: record.Body.ToElement(), Replay: record.Replay),
            cancel);
    }

    private Task QuarantineAsync(QuarantineEntry entry, CancellationToken cancel)
    {
        Note(entry.Reason);
        Instruments.Records.Add(1, new(Instruments.Destination, Destination.Id), new(Instruments.OutcomeName, entry.Kind));
        return _quarantine.AddAsync(Destination.Id, [entry], cancel);
    }

    /// <summary>An error of ours with a record is no reason to stop at it in every drain; with several in a row, no record is to blame.</summary>
    private RenderResult Render(BacklogRecord record)
    {
        try
        {
            var rendered = RequestRenderer.Render(Destination, record.Body, _time.GetUtcNow());
            _faultsInARow = 0;
            return rendered;
        }
        catch (Exception fault) when (OwnFault.Is(fault) && _faultsInARow++ < MostFaultsInARow)
        {
            return RenderResult.Refused(new Problem("$", $"{OwnFault.Reason(fault)}."));
        }
    }

    private Task QuarantineDamagedAsync(LogChunk.Entry line, CancellationToken cancel) =>
        QuarantineAsync(
            new QuarantineEntry(
                    $"damaged-{line.Next.Segment}-{line.Next.Offset}", null, Destination.Id, _time.GetUtcNow(), "damaged",
                    "A line of the backlog does not match its checksum, or holds no record. Compare it with the producer's copy and send the record again.",
                    Raw: line.Payload.ToArray()),
            cancel);

    internal sealed record Turn(IReadOnlyList<PendingCall> Records, IReadOnlyList<DoneRecord> DoneBefore)
    {
        public bool IsEmpty => Records.Count == 0 && DoneBefore.Count == 0;
    }

    /// <summary>A record that an earlier drain finished, and whose event goes out once more, with the same id, in case it did not before.</summary>
    internal sealed record DoneRecord(Lane Lane, CursorTracker.Entry Place, LatestWord Outcome);
}
