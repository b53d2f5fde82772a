using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Storage.Blobs.Models;

namespace ClockifyFunctions.Storage;

/// <summary>The content of a <see cref="HolderLog{T}"/> in memory.</summary>
internal interface IHolderLogMemory<T>
{
    /// <summary>Applies a line that was read, or that is about to be written.</summary>
    void Note(T line, int segment);

    /// <summary>Removes everything, because the log was deleted or rewritten and is read again from its start.</summary>
    void Reset();

    /// <summary>Returns the line in the form in which it is written.</summary>
    T ToWrite(T line);

    /// <summary>Whether a process that has lost the gate may still write the line, because it is final.</summary>
    bool IsFact(T line);
}

/// <summary>
/// A log that only the holder of a gate writes. It uses group commit: <see cref="AppendAsync"/> completes when its line is durable, and lines that arrive
/// during an append are written together by the next one.
/// </summary>
/// <remarks>
/// A process reads the complete log once, and later only the lines that other processes added. It appends at the position it has read to, so storage
/// refuses the append of a process that lost the gate once the next holder has written.
/// </remarks>
internal sealed class HolderLog<T>(AppendLog log, JsonTypeInfo<T> type, IHolderLogMemory<T> memory)
    where T : class
{
    private const int ChunkSize = 4 << 20;

    private readonly Lock _lock = new();
    private Batch _next = new();
    private bool _isWriting, _isGathering;
    private CancellationToken _lost;
    private LogPosition _readTo = LogPosition.Start;
    private (int Segment, DateTimeOffset? CreatedOn) _seen;

    /// <summary>False after a failed append. The log must then be read again, because only storage knows whether the append took effect.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>The position up to which the log was read and written.</summary>
    public LogPosition End => _readTo;

    /// <summary>Reads the lines that were written since the last read. Before it appends, the holder of the gate must call this.</summary>
    /// <param name="lost">Canceled when the gate is lost.</param>
    /// <returns>The segments by number.</returns>
    public Task<SortedDictionary<int, BlobItem>> OpenAsync(CancellationToken lost)
    {
        _lost = lost;
        return CatchUpAsync(lost);
    }

    /// <summary>Adds a line, which becomes durable with the next append.</summary>
    public void Add(T line)
    {
        lock (_lock)
        {
            memory.Note(line, _readTo.Segment);
            _next.Lines.Add(line);
        }
    }

    /// <summary>Completes when the lines are durable.</summary>
    public Task AppendAsync(params IReadOnlyList<T> lines)
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

    /// <summary>Writes the lines that are not durable yet. If the gate is lost, it writes only final lines. The next holder decides about the others.</summary>
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
            lock (_lock) _next.Lines.RemoveAll(line => !memory.IsFact(line));
            await FlushAsync();
        }
    }

    /// <summary>
    /// Begins a new segment. Call it only after an append of this holder: otherwise a process that has lost the gate could still append to the segment before.
    /// </summary>
    public async Task BeginSegmentAsync()
    {
        await FlushAsync();
        await log.BeginSegmentAsync(_lost);
        await CatchUpAsync(_lost);
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
                foreach (var block in AppendLog.Blocks(batch.Lines.Select(memory.ToWrite).ToArray(), type)) await WriteAsync(block.Lines, batch.Lines);
                batch.Durable.SetResult();
            }
            catch (Exception broken)
            {
                IsSound = false;
                // Final lines are written with the next batch or when the log is closed. Writing one twice has no effect.
                lock (_lock) _next.Lines.InsertRange(0, batch.Lines.Where(memory.IsFact));
                batch.Durable.SetException(broken);
            }
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> block, List<T> lines)
    {
        // A process that has lost the gate must not write.
        _lost.ThrowIfCancellationRequested();
        LogPosition? next;
        while ((next = await log.AppendAtAsync(_readTo, block, _lost)) is null)
        {
            // Another process has written since, or this process has lost the gate. Read the new lines, then append these lines again.
            await CatchUpAsync(_lost);
            _lost.ThrowIfCancellationRequested();
            lock (_lock)
                foreach (var line in lines.Concat(_next.Lines)) memory.Note(line, _readTo.Segment);
        }

        _readTo = next.Value;
        if (_seen.Segment == _readTo.Segment) return;
        // The creation time identifies the segment, so that a segment that was created again is detected.
        _seen = (await log.ListAsync(_lost)).TryGetValue(_readTo.Segment, out var made) ? (_readTo.Segment, made.Properties.CreatedOn) : default;
    }

    private async Task<SortedDictionary<int, BlobItem>> CatchUpAsync(CancellationToken cancel)
    {
        var segments = await log.ListAsync(cancel);
        if (_readTo > LogPosition.Start && (!(segments.TryGetValue(_readTo.Segment, out var latest) && latest.Properties.ContentLength >= _readTo.Offset) || IsAnother(segments)))
        {
            memory.Reset();
            (_readTo, _seen) = (LogPosition.Start, default);
        }

        foreach (var number in segments.Keys.Where(number => number >= _readTo.Segment))
        {
            if (number > _readTo.Segment) _readTo = new LogPosition(number, 0);
            // Read to the end, beyond the length in the listing. A line that is added later makes the next append fail, and is read then.
            for (var isEnd = segments[number].Properties.ContentLength == _readTo.Offset; !isEnd;)
            {
                var chunk = await log.ReadAsync(_readTo, ChunkSize, cancel);
                foreach (var line in chunk.Lines.Where(line => !line.Damaged))
                    if (JsonSerializer.Deserialize(line.Payload.Span, type) is { } entry) memory.Note(entry, number);
                (_readTo, isEnd) = (chunk.Next, chunk.IsEnd);
            }
        }

        _seen = segments.TryGetValue(_readTo.Segment, out var read) ? (_readTo.Segment, read.Properties.CreatedOn) : default;
        return segments;
    }

    /// <summary>Whether the segment that was read last has been created again, because the destination was deleted and created again.</summary>
    private bool IsAnother(SortedDictionary<int, BlobItem> segments) => segments.TryGetValue(_seen.Segment, out var there) && there.Properties.CreatedOn != _seen.CreatedOn;

    /// <summary>The lines that one append writes.</summary>
    private sealed class Batch
    {
        public List<T> Lines { get; } = [];

        /// <summary>Whether a caller waits for the batch. A batch without a waiting caller is not written yet.</summary>
        public bool IsAwaited { get; set; }

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
