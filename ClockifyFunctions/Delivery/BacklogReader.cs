using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>Reads one backlog while its gate is held, line by line and turn by turn, and leaves its segments when all of them is finished.</summary>
/// <param name="tracker">What of the lines read is finished.</param>
/// <param name="lastSegment">As listed.</param>
/// <param name="writeDown">Makes journal and cursor durable; before a segment is deleted.</param>
internal sealed class BacklogReader(AppendLog log, CursorTracker tracker, int lastSegment, Func<CancellationToken, Task> writeDown)
{
    private const int ChunkSize = 256 * 1024;

    private readonly Queue<LogChunk.Entry> _read = [];

    /// <summary>Segments that were read past and not left yet, oldest first, and their places in the order of what is finished.</summary>
    private readonly Queue<(LogPosition End, CursorTracker.Entry Place)> _passed = [];

    private int _lastSegment = lastSegment;
    private bool _atEnd;

    /// <summary>Behind the last chunk read.</summary>
    public LogPosition Position { get; private set; } = tracker.Cursor.Position;

    /// <summary>How many segments were read past and not left yet.</summary>
    public int Passed => _passed.Count;

    /// <summary>The backlog was listed again: a segment may have been begun since.</summary>
    public void Listed(int lastSegment) => _lastSegment = lastSegment;

    public async Task BeginTurnAsync(CancellationToken cancel)
    {
        await LeavePassedAsync(cancel);
        _atEnd = false;
    }

    /// <summary>The next line; null when there is none in this turn.</summary>
    public async Task<LogChunk.Entry?> NextAsync(CancellationToken cancel)
    {
        // What comes after the end was reached is for the next turn: one read per turn, not one more to find nothing.
        if (_read.Count == 0 && !_atEnd)
        {
            var chunk = await log.ReadAsync(Position, ChunkSize, cancel);
            // A segment is left when all its records are finished; until then the turn ends here.
            if (chunk.Lines.Count == 0 && tracker.IsIdle && Position.Segment < _lastSegment)
            {
                await writeDown(cancel);
                var next = await log.LeaveSegmentAsync(Position, cancel);
                if (next != Position)
                {
                    tracker.JumpTo(Position = next);
                    chunk = await log.ReadAsync(Position, ChunkSize, cancel);
                }
            }

            if (_passed.Count > 0 && await HasPassedGrownAsync(cancel))
            {
                // What came late for a segment that was read past goes before this: to the next drain with both.
                _atEnd = true;
                return null;
            }

            foreach (var line in chunk.Lines) _read.Enqueue(line);
            (Position, _atEnd) = (chunk.Next, chunk.IsEnd);
        }

        return _read.TryDequeue(out var entry) ? entry : null;
    }

    /// <summary>Whether the backlog is known to go on behind the segment that is being read.</summary>
    public bool MayPass => Position.Segment < _lastSegment;

    /// <summary>Reads on in the next segment; this one, read to its end, is left when all of it is finished.</summary>
    /// <returns>False when there is no next one.</returns>
    public async Task<bool> PassSegmentAsync(CancellationToken cancel)
    {
        if (await log.NextSegmentAsync(Position.Segment, cancel) is not { } next) return false;
        _passed.Enqueue((Position, tracker.Begin(next)));
        (Position, _atEnd) = (next, false);
        return true;
    }

    public async Task LeavePassedAsync(CancellationToken cancel)
    {
        while (_passed.TryPeek(out var passed) && tracker.IsNext(passed.Place))
        {
            await writeDown(cancel);
            // Has it grown, the cursor stays there, and the next drain reads on from it.
            if (await log.LeaveSegmentAsync(passed.End, cancel) == passed.End) return;
            tracker.Settle(passed.Place, Finish.SegmentEnd);
            _passed.Dequeue();
        }
    }

    private async Task<bool> HasPassedGrownAsync(CancellationToken cancel)
    {
        var segments = await log.ListAsync(cancel);
        return _passed.Any(passed => segments.TryGetValue(passed.End.Segment, out var segment) && segment.Properties.ContentLength > passed.End.Offset);
    }
}
