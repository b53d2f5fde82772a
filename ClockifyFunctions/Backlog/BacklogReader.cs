using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>Reads one backlog line by line while its gate is held, and deletes each segment when all its lines are finished.</summary>
/// <param name="tracker">What of the lines is finished.</param>
/// <param name="lastSegment">As listed.</param>
/// <param name="writeDown">Makes journal and cursor durable; before a segment is deleted.</param>
internal sealed class BacklogReader(AppendLog log, CursorTracker tracker, int lastSegment, Func<CancellationToken, Task> writeDown)
{
    private const int ChunkSize = 256 * 1024;

    private readonly Queue<LogChunk.Entry> _read = [];
    private bool _atEnd;

    /// <summary>Behind the last chunk read.</summary>
    public LogPosition Position { get; private set; } = tracker.Cursor.Position;

    /// <summary>Where records are appended, as far as is known.</summary>
    public int LastSegment { get; set; } = lastSegment;

    public void BeginTurn() => _atEnd = false;

    /// <summary>The next line; null if there is none in this turn.</summary>
    public async Task<LogChunk.Entry?> NextAsync(CancellationToken cancel)
    {
        // A turn reads to the end of the log once. What comes later is for the next turn.
        if (_read.Count == 0 && !_atEnd)
        {
            var chunk = await log.ReadAsync(Position, ChunkSize, cancel);
            // Until all lines of a segment are finished, the turn ends at its end.
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
