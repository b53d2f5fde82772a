using System.Text.Json;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Journaling;

/// <summary>
/// What was started and finished, under <c>journal/{credential}/{destination}/</c>. Group commit: <see cref="AppendAsync"/> completes when its
/// line is durable, and lines that arrive while an append is under way go together in the next one.
/// </summary>
/// <remarks>
/// A process reads a journal once and then only what others have added. It appends at the position it has read to, so that storage refuses
/// the late append of a former holder of the gate once its successor has written. Duplicates are recognized by the latest <see cref="SegmentsKept"/>
/// segments, those of the last minutes, and those that speak of records that the cursor has not passed. Lines of postponed records are
/// repeated before their segment is deleted.
/// </remarks>
/// <param name="keepMinutes">Longer than the lock of a message: its second delivery may be ingested so much later.</param>
internal sealed class Journal(BlobAccount account, string credential, string destination, TimeProvider time, long segmentBytes = 4 << 20, int keepMinutes = 15)
{
    private const int ChunkSize = 4 << 20, SegmentsKept = 2;

    private readonly AppendLog _log = new(account.Journal, $"{credential}/{destination}/", rollAtBytes: segmentBytes);
    private readonly Lock _lock = new();
    private Batch _next = new();
    private bool _isWriting, _isGathering;
    private CancellationToken _lost;
    private LogPosition _readTo = LogPosition.Start;
    private (int Segment, DateTimeOffset? CreatedOn) _seen;

    public JournalMemory Memory { get; private set; } = new();

    /// <summary>When the last append ended. A timestamp.</summary>
    public long WrittenAt { get; private set; } = time.GetTimestamp();

    /// <summary>False after a failed append: the journal must be read again, because storage decides what it says.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>Reads what was written since the last read. Only the holder of the gate calls this.</summary>
    /// <param name="lost">Fires when the gate is lost.</param>
    public async Task OpenAsync(LogPosition cursor, CancellationToken lost)
    {
        _lost = lost;
        Memory.BeginDrain(cursor);
        var segments = await CatchUpAsync(cursor, lost);
        if (segments.Count > SegmentsKept) await DeleteOldAsync(segments, lost);
    }

    /// <summary>Notes a line that becomes durable with the next append.</summary>
    public void Add(JournalLine line)
    {
        lock (_lock)
        {
            Memory.Note(line, _readTo.Segment);
            _next.Lines.Add(line);
        }
    }

    /// <summary>Completes when the line is durable.</summary>
    public Task AppendAsync(params IReadOnlyList<JournalLine> lines)
    {
        lock (_lock)
        {
            foreach (var line in lines) Add(line);
            return Commit();
        }
    }

    /// <summary>Lines that are appended while <paramref name="begin"/> runs go together in one append.</summary>
    public void Gather(Action begin)
    {
        lock (_lock) _isGathering = true;
        begin();
        lock (_lock)
        {
            _isGathering = false;
            if (_next.IsAwaited) BeginWriting();
        }
    }

    /// <summary>Completes when everything noted so far is durable.</summary>
    public Task FlushAsync()
    {
        lock (_lock) return _next.Lines.Count == 0 && !_isWriting ? Task.CompletedTask : Commit();
    }

    /// <summary>
    /// Makes durable what was noted. When the gate is lost, only outcomes are written, because they are facts. The next holder decides
    /// about the other records, and may have started them.
    /// </summary>
    public async Task CloseAsync()
    {
        try
        {
            _lost.ThrowIfCancellationRequested();
            await FlushAsync();
        }
        catch (OperationCanceledException) when (_lost.IsCancellationRequested)
        {
            IsSound = false;
            _lost = CancellationToken.None;
            lock (_lock) _next.Lines.RemoveAll(static line => !line.State.IsFinished);
            await FlushAsync();
        }
    }

    private Task Commit()
    {
        _next.IsAwaited = true;
        BeginWriting();
        return _next.Durable.Task;
    }

    private void BeginWriting()
    {
        if (_isWriting || _isGathering) return;
        _isWriting = true;
        _ = Task.Run(WriteBatchesAsync);
    }

    private async Task WriteBatchesAsync()
    {
        while (true)
        {
            Batch batch;
            lock (_lock)
            {
                batch = _next;
                _isWriting = batch.IsAwaited;
                if (!_isWriting) return;
                _next = new Batch();
            }

            try
            {
                var lines = batch.Lines.Select(line => line.Event is null ? line : line with { Event = Memory.PendingEvent(line.Id) }).ToArray();
                foreach (var block in AppendLog.Blocks(lines, JournalJson.Web.JournalLine)) await WriteAsync(block.Lines, batch.Lines);
                WrittenAt = time.GetTimestamp();
                batch.Durable.SetResult();
            }
            catch (Exception broken)
            {
                IsSound = false;
                // Outcomes are written with the next batch, or when the journal is closed. To write one twice does no harm.
                lock (_lock) _next.Lines.InsertRange(0, batch.Lines.Where(static line => line.State.IsFinished));
                batch.Durable.SetException(broken);
            }
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> block, List<JournalLine> lines)
    {
        // A former holder of the gate writes nothing any more.
        _lost.ThrowIfCancellationRequested();
        LogPosition? next;
        while ((next = await _log.AppendAtAsync(_readTo, block, _lost)) is null)
        {
            // A line of a former holder arrived late, or this process is the former holder: read that line, then note these again.
            await CatchUpAsync(null, _lost);
            _lost.ThrowIfCancellationRequested();
            lock (_lock)
                foreach (var line in lines.Concat(_next.Lines)) Memory.Note(line, _readTo.Segment);
        }

        _readTo = next.Value;
        if (_seen.Segment == _readTo.Segment) return;
        // A new segment is recognized later by the time at which it was created.
        _seen = (await _log.ListAsync(_lost)).TryGetValue(_readTo.Segment, out var made) ? (_readTo.Segment, made.Properties.CreatedOn) : default;
    }

    private async Task<SortedDictionary<int, BlobItem>> CatchUpAsync(LogPosition? cursor, CancellationToken cancel)
    {
        var segments = await _log.ListAsync(cancel);
        if (_readTo > LogPosition.Start && (!(segments.TryGetValue(_readTo.Segment, out var latest) && latest.Properties.ContentLength >= _readTo.Offset) || IsAnother(segments)))
        {
            // The destination was deleted, and perhaps created again.
            (Memory, _readTo, _seen) = (new JournalMemory(), LogPosition.Start, default);
            Memory.BeginDrain(cursor ?? LogPosition.Start);
        }

        foreach (var number in segments.Keys.Where(number => number >= _readTo.Segment))
        {
            if (number > _readTo.Segment) _readTo = new LogPosition(number, 0);
            // Reads to the very end, whatever length the listing gave. A line that comes later makes the next append fail, and is read then.
            for (var isEnd = segments[number].Properties.ContentLength == _readTo.Offset; !isEnd;)
            {
                var chunk = await _log.ReadAsync(_readTo, ChunkSize, cancel);
                foreach (var line in chunk.Lines.Where(line => !line.Damaged))
                    if (JsonSerializer.Deserialize(line.Payload.Span, JournalJson.Web.JournalLine) is { } entry) Memory.Note(entry, number);
                (_readTo, isEnd) = (chunk.Next, chunk.IsEnd);
            }
        }

        _seen = segments.TryGetValue(_readTo.Segment, out var read) ? (_readTo.Segment, read.Properties.CreatedOn) : default;
        return segments;
    }

    /// <summary>Whether the segment that was read last was created anew since: the destination was deleted and created again.</summary>
    private bool IsAnother(SortedDictionary<int, BlobItem> segments) => segments.TryGetValue(_seen.Segment, out var there) && there.Properties.CreatedOn != _seen.CreatedOn;

    private async Task DeleteOldAsync(SortedDictionary<int, BlobItem> segments, CancellationToken cancel)
    {
        var (newest, old) = (segments.Keys.Last(), segments.Values.Last().Properties.LastModified - TimeSpan.FromMinutes(keepMinutes));
        var oldest = segments.Keys.First(number => number > newest - SegmentsKept || segments[number].Properties.LastModified > old || Memory.IsNeeded(number));
        if (segments.Keys.First() == oldest) return;
        await AppendAsync(Memory.PostponedBefore(oldest));
        Memory.ForgetBefore(oldest);
        await _log.DeleteBeforeAsync(oldest, cancel);
    }

    /// <summary>Lines that one append writes.</summary>
    private sealed class Batch
    {
        public List<JournalLine> Lines { get; } = [];

        /// <summary>A batch of lines that nobody awaits is not written yet.</summary>
        public bool IsAwaited { get; set; }

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
