using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>The result with which a line of the backlog is finished.</summary>
internal enum Finish
{
    Delivered,
    Quarantined,

    /// <summary>The record was postponed or superseded by another copy. The line is not counted.</summary>
    Passed,
}

/// <summary>Tracks which lines are finished. Calls finish in any order; the cursor passes a line only when all lines before it are finished. Thread safe.</summary>
internal sealed class CursorTracker(Cursor start)
{
    private readonly Queue<Line> _open = [];
    private readonly Lock _lock = new();
    private Cursor _cursor = start;

    public Cursor Cursor
    {
        get { lock (_lock) return _cursor; }
    }

    /// <summary>Whether every line that was begun is finished.</summary>
    public bool IsIdle
    {
        get { lock (_lock) return _open.Count == 0; }
    }

    /// <summary>Begins a line that ends at <paramref name="end"/>; Lines must be begun in backlog order.</summary>
    public Line Begin(LogPosition end)
    {
        lock (_lock)
        {
            var line = new Line(end);
            _open.Enqueue(line);
            return line;
        }
    }

    /// <summary>Whether every line before this one is finished.</summary>
    public bool IsFirst(Line line)
    {
        lock (_lock) return _open.TryPeek(out var first) && first == line;
    }

    /// <param name="hasWarnings">The record was sent with warnings.</param>
    /// <param name="change">The change that the record made to the object of its key; null if it has no key.</param>
    public void Settle(Line line, Finish how, bool hasWarnings = false, Change? change = null)
    {
        lock (_lock)
        {
            (line.How, line.HasWarnings, line.Change) = (how, hasWarnings, change);
            if (how == Finish.Delivered && _cursor.LastError is not null) _cursor = _cursor with { LastError = null };
            var (position, delivered, quarantined, warned, changes) = (_cursor.Position, _cursor.Delivered, _cursor.Quarantined, _cursor.Warned, _cursor.Changes);
            while (_open.TryPeek(out var first) && first.How is { } finished)
            {
                _open.Dequeue();
                position = first.End;
                delivered += finished == Finish.Delivered ? 1 : 0;
                quarantined += finished == Finish.Quarantined ? 1 : 0;
                warned += finished == Finish.Delivered && first.HasWarnings ? 1 : 0;
                if (first.Change is { } changed) changes = changes.With(changed);
            }

            if (position != _cursor.Position) _cursor = _cursor with { Position = position, Delivered = delivered, Quarantined = quarantined, Warned = warned, Changes = changes };
        }
    }

    /// <summary>Counts a call that was permitted at <paramref name="sentAt"/>.</summary>
    public void CountCall(DateTimeOffset sentAt, bool throttled)
    {
        lock (_lock) _cursor = _cursor with { Calls = _cursor.Calls + 1, Throttled = _cursor.Throttled + (throttled ? 1 : 0), RecentCalls = _cursor.RecentCalls.With(sentAt, throttled) };
    }

    /// <summary>Notes that the API accepted a record.</summary>
    public void NoteDelivery(DateTimeOffset at)
    {
        lock (_lock) _cursor = _cursor with { LastDeliveredAt = at };
    }

    public void NoteError(LastError error)
    {
        lock (_lock) _cursor = _cursor with { LastError = error };
    }

    /// <summary>Moves to the next segment. Allowed only when all lines are finished.</summary>
    public void JumpTo(LogPosition position)
    {
        lock (_lock) _cursor = _cursor with { Position = position };
    }

    internal sealed class Line(LogPosition end)
    {
        public LogPosition End { get; } = end;

        /// <summary>Null if the line is not finished.</summary>
        public Finish? How { get; set; }

        /// <summary>The record was sent with warnings.</summary>
        public bool HasWarnings { get; set; }

        public Change? Change { get; set; }
    }
}
