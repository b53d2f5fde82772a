using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Storage.Blobs.Models;

namespace ClockifyFunctions.Storage;

/// <summary>What a process keeps in memory of a <see cref="HolderLog{T}"/>.</summary>
internal interface IHolderLogMemory<T>
{
    /// <summary>Takes in a line: one that was read, or one that is about to be written.</summary>
    void Note(T line, int segment);

    /// <summary>Forgets everything: the log was deleted or rewritten, and is read from its start.</summary>
    void Reset();

    /// <summary>The line as it is to be written now.</summary>
    T ToWrite(T line);

    /// <summary>Whether a former holder of the gate may still write the line, because nobody else can know it.</summary>
    bool IsFact(T line);
}

/// <summary>
/// A log that only the holder of a gate writes. Group commit: <see cref="AppendAsync"/> completes when its line is durable, and lines that
/// arrive while an append is under way go together in the next one.
/// </summary>
/// <remarks>
/// A process reads a log once and then only what others have added. It appends at the position it has read to, so that storage refuses the
/// late append of a former holder of the gate once its successor has written.
/// </remarks>
internal sealed class HolderLog<T>(AppendLog log, JsonTypeInfo<T> type, TimeProvider time, IHolderLogMemory<T> memory)
    where T : class
{
    private const int ChunkSize = 4 << 20;

    private readonly Lock _lock = new();
    private Batch _next = new();
    private bool _isWriting, _isGathering;
    private CancellationToken _lost;
    private LogPosition _readTo = LogPosition.Start;
    private (int Segment, DateTimeOffset? CreatedOn) _seen;

    /// <summary>When the last append ended. A timestamp.</summary>
    public long WrittenAt { get; private set; } = time.GetTimestamp();

    /// <summary>False after a failed append: the log must be read again, because storage decides what it says.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>How far the log was read and written.</summary>
    public LogPosition End => _readTo;

    /// <summary>Reads what was written since the last read. Only the holder of the gate calls this before it appends.</summary>
    /// <param name="lost">Fires when the gate is lost.</param>
    /// <returns>The segments by number.</returns>
    public Task<SortedDictionary<int, BlobItem>> OpenAsync(CancellationToken lost)
    {
        _lost = lost;
        return CatchUpAsync(lost);
    }

    /// <summary>Notes a line that becomes durable with the next append.</summary>
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

    /// <summary>Makes durable what was noted. When the gate is lost, only facts are written: the next holder decides about the rest.</summary>
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
    /// Begins a new segment. Call it only after an append of this holder: a former holder could otherwise still append to the segment before.
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
                WrittenAt = time.GetTimestamp();
                batch.Durable.SetResult();
            }
            catch (Exception broken)
            {
                IsSound = false;
                // Facts are written with the next batch, or when the log is closed. To write one twice does no harm.
                lock (_lock) _next.Lines.InsertRange(0, batch.Lines.Where(memory.IsFact));
                batch.Durable.SetException(broken);
            }
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> block, List<T> lines)
    {
        // A former holder of the gate writes nothing any more.
        _lost.ThrowIfCancellationRequested();
        LogPosition? next;
        while ((next = await log.AppendAtAsync(_readTo, block, _lost)) is null)
        {
            // A line of a former holder arrived late, or this process is the former holder: read that line, then note these again.
            await CatchUpAsync(_lost);
            _lost.ThrowIfCancellationRequested();
            lock (_lock)
                foreach (var line in lines.Concat(_next.Lines)) memory.Note(line, _readTo.Segment);
        }

        _readTo = next.Value;
        if (_seen.Segment == _readTo.Segment) return;
        // A new segment is recognized later by the time at which it was created.
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
            // Reads to the very end, whatever length the listing gave. A line that comes later makes the next append fail, and is read then.
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

    /// <summary>Whether the segment that was read last was created anew since: what the log belongs to was deleted and created again.</summary>
    private bool IsAnother(SortedDictionary<int, BlobItem> segments) => segments.TryGetValue(_seen.Segment, out var there) && there.Properties.CreatedOn != _seen.CreatedOn;

    /// <summary>Lines that one append writes.</summary>
    private sealed class Batch
    {
        public List<T> Lines { get; } = [];

        /// <summary>A batch of lines that nobody awaits is not written yet.</summary>
        public bool IsAwaited { get; set; }

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
