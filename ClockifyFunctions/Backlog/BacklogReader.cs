using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>Reads one backlog line by line while the process holds the gate, and deletes each segment when all its lines are finished.</summary>
/// <param name="tracker">Tracks which lines are finished.</param>
/// <param name="lastSegment">The last segment in the listing.</param>
/// <param name="writeDown">Makes journal and cursor durable. Called before a segment is deleted.</param>
internal sealed class BacklogReader(AppendLog log, CursorTracker tracker, int lastSegment, Func<CancellationToken, Task> writeDown)
{
    private const int ChunkSize = 256 * 1024;

    private readonly Queue<LogChunk.Entry> _read = [];
    private bool _atEnd;

    /// <summary>The position behind the last chunk that was read.</summary>
    public LogPosition Position { get; private set; } = tracker.Cursor.Position;

    /// <summary>The last segment that is known to exist.</summary>
    public int LastSegment { get; set; } = lastSegment;

    public void BeginTurn() => _atEnd = false;

    /// <summary>Returns the next line; null if this turn has no more lines.</summary>
    public async Task<LogChunk.Entry?> NextAsync(CancellationToken cancel)
    {
        // A turn reads to the end of the log once. The next turn reads records that arrive later.
        if (_read.Count == 0 && !_atEnd)
        {
            var chunk = await log.ReadAsync(Position, ChunkSize, cancel);
            // If lines of a segment are unfinished, the turn stops at the end of that segment.
            if (chunk.Lines.Count == 0 && tracker.IsIdle && Position.Segment < LastSegment)
            {
                await writeDown(cancel);
                var next = await log.LeaveSegmentAsync(Position, cancel);
                if (next != Position)
                {
                    tracker.JumpTo(Position = next);
                    chunk = await log.ReadAsync(Position, ChunkSize, cancel);
                }
            }

            foreach (var line in chunk.Lines) _read.Enqueue(line);
            (Position, _atEnd) = (chunk.Next, chunk.IsEnd);
        }

        return _read.TryDequeue(out var entry) ? entry : null;
    }

    public async Task<bool> IsLastSegmentAsync(CancellationToken cancel) => await log.NextSegmentAsync(Position.Segment, cancel) is null;
}
