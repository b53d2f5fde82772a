using System.Text.Json;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Journaling;

/// <summary>
/// The log of started and finished records, under <c>journal/{credential}/{destination}/</c>. It uses group commit: <see cref="AppendAsync"/> completes
/// when its line is durable, and lines that arrive during an append are written together by the next one.
/// </summary>
/// <remarks>
/// A process reads the complete journal once, and later only the lines that other processes added. It appends at the position it has read to, so storage
/// refuses the append of a process that lost the gate once the next holder has written. Duplicates are recognized with the latest <see cref="SegmentsKept"/>
/// segments, the segments of the last minutes, and the segments with records that the cursor has not passed. Lines of postponed records are
/// repeated before their segment is deleted.
/// </remarks>
/// <param name="keepMinutes">Must be longer than the lock of a message, because the second delivery of a message can be ingested that much later.</param>
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

    /// <summary>Time of the end of the last append, as a timestamp of the monotonic clock.</summary>
    public long WrittenAt { get; private set; } = time.GetTimestamp();

    /// <summary>False after a failed append. The journal must then be read again, because only storage knows whether the append took effect.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>Reads the lines that were written since the last read. Only the holder of the gate may call this.</summary>
    /// <param name="lost">Canceled when the gate is lost.</param>
    public async Task OpenAsync(LogPosition cursor, CancellationToken lost)
    {
        _lost = lost;
        Memory.BeginDrain(cursor);
        var segments = await CatchUpAsync(cursor, lost);
        if (segments.Count > SegmentsKept) await DeleteOldAsync(segments, lost);
    }

    /// <summary>Adds a line, which becomes durable with the next append.</summary>
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

    /// <summary>Writes all lines that are appended while <paramref name="begin"/> runs with one append.</summary>
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

    /// <summary>Completes when all lines that were added so far are durable.</summary>
    public Task FlushAsync()
    {
        lock (_lock) return _next.Lines.Count == 0 && !_isWriting ? Task.CompletedTask : Commit();
    }

    /// <summary>
    /// Writes the lines that are not durable yet. If the gate is lost, it writes only outcomes, because they are final. The next holder decides
    /// about the other records and may already have started them.
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
                // Outcomes are written with the next batch or when the journal is closed. Writing one twice has no effect.
                lock (_lock) _next.Lines.InsertRange(0, batch.Lines.Where(static line => line.State.IsFinished));
                batch.Durable.SetException(broken);
            }
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> block, List<JournalLine> lines)
    {
        // A process that has lost the gate must not write.
        _lost.ThrowIfCancellationRequested();
        LogPosition? next;
        while ((next = await _log.AppendAtAsync(_readTo, block, _lost)) is null)
        {
            // Another process has written since, or this process has lost the gate. Read the new lines, then append these lines again.
            await CatchUpAsync(null, _lost);
            _lost.ThrowIfCancellationRequested();
            lock (_lock)
                foreach (var line in lines.Concat(_next.Lines)) Memory.Note(line, _readTo.Segment);
        }

        _readTo = next.Value;
        if (_seen.Segment == _readTo.Segment) return;
        // The creation time identifies the segment, so that a segment that was created again is detected.
        _seen = (await _log.ListAsync(_lost)).TryGetValue(_readTo.Segment, out var made) ? (_readTo.Segment, made.Properties.CreatedOn) : default;
    }

    private async Task<SortedDictionary<int, BlobItem>> CatchUpAsync(LogPosition? cursor, CancellationToken cancel)
    {
        var segments = await _log.ListAsync(cancel);
        if (_readTo > LogPosition.Start && (!(segments.TryGetValue(_readTo.Segment, out var latest) && latest.Properties.ContentLength >= _readTo.Offset) || IsAnother(segments)))
        {
            // The destination was deleted, and possibly created again.
            (Memory, _readTo, _seen) = (new JournalMemory(), LogPosition.Start, default);
            Memory.BeginDrain(cursor ?? LogPosition.Start);
        }

        foreach (var number in segments.Keys.Where(number => number >= _readTo.Segment))
        {
            if (number > _readTo.Segment) _readTo = new LogPosition(number, 0);
            // Read to the end, beyond the length in the listing. A line that is added later makes the next append fail, and is read then.
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

    /// <summary>Whether the segment that was read last has been created again, because the destination was deleted and created again.</summary>
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

    /// <summary>The lines that one append writes.</summary>
    private sealed class Batch
    {
        public List<JournalLine> Lines { get; } = [];

        /// <summary>Whether a caller waits for the batch. A batch without a waiting caller is not written yet.</summary>
        public bool IsAwaited { get; set; }

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
