using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>How a line of the backlog is finished.</summary>
internal enum Finish
{
    Delivered,
    Quarantined,

    /// <summary>Postponed, or superseded by another copy: the line does not count.</summary>
    Passed,
}

/// <summary>Calls finish in any order. The cursor passes a line only when all lines before it are finished. Locks itself.</summary>
internal sealed class CursorTracker(Cursor start)
{
    private readonly Queue<Line> _open = [];
    private readonly Lock _lock = new();
    private Cursor _cursor = start;

    public Cursor Cursor
    {
        get { lock (_lock) return _cursor; }
    }

    /// <summary>Whether every line begun is finished.</summary>
    public bool IsIdle
    {
        get { lock (_lock) return _open.Count == 0; }
    }

    /// <summary>Begins a line that ends at <paramref name="end"/>; lines are begun in backlog order.</summary>
    public Line Begin(LogPosition end)
    {
        lock (_lock)
        {
            var line = new Line(end);
            _open.Enqueue(line);
            return line;
        }
    }

    /// <param name="hasWarnings">The record was sent with warnings.</param>
    public void Settle(Line line, Finish how, bool hasWarnings = false)
    {
        lock (_lock)
        {
            (line.How, line.HasWarnings) = (how, hasWarnings);
            if (how == Finish.Delivered && _cursor.LastError is not null) _cursor = _cursor with { LastError = null };
            while (_open.TryPeek(out var first) && first.How is { } finished)
            {
                _open.Dequeue();
                _cursor = _cursor with
                {
                    Position = first.End,
                    Delivered = _cursor.Delivered + (finished == Finish.Delivered ? 1 : 0),
                    Quarantined = _cursor.Quarantined + (finished == Finish.Quarantined ? 1 : 0),
                    Warned = _cursor.Warned + (finished == Finish.Delivered && first.HasWarnings ? 1 : 0),
                };
            }
        }
    }

    /// <summary>Counts a call that was permitted at <paramref name="sentAt"/>.</summary>
    public void CountCall(DateTimeOffset sentAt, bool throttled)
    {
        lock (_lock) _cursor = _cursor with { Calls = _cursor.Calls + 1, Throttled = _cursor.Throttled + (throttled ? 1 : 0), RecentCalls = _cursor.RecentCalls.With(sentAt, throttled) };
    }

    /// <summary>The API took a record.</summary>
    public void NoteDelivery(DateTimeOffset at)
    {
        lock (_lock) _cursor = _cursor with { LastDeliveredAt = at };
    }

    public void NoteError(LastError error)
    {
        lock (_lock) _cursor = _cursor with { LastError = error };
    }

    /// <summary>Moves to the next segment; only when idle.</summary>
    public void JumpTo(LogPosition position)
    {
        lock (_lock) _cursor = _cursor with { Position = position };
    }

    internal sealed class Line(LogPosition end)
    {
        public LogPosition End { get; } = end;

        /// <summary>Null: not finished yet.</summary>
        public Finish? How { get; set; }

        /// <summary>The record was sent with warnings.</summary>
        public bool HasWarnings { get; set; }
    }
}
