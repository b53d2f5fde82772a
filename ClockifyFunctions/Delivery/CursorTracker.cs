using ClockifyFunctions.Backlog;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>How a record left the backlog.</summary>
internal enum Finish
{
    Delivered,
    Quarantined,

    /// <summary>The same record a second time, from a message that was delivered twice.</summary>
    Duplicate,

    /// <summary>No record, but the end of a segment.</summary>
    SegmentEnd,
}

/// <summary>Calls finish in any order; the cursor passes a record only when all before it are finished. Pure.</summary>
internal sealed class CursorTracker(Cursor start)
{
    private readonly Queue<Entry> _open = [];
    private readonly Lock _lock = new();
    private Cursor _cursor = start;

    public Cursor Cursor
    {
        get { lock (_lock) return _cursor; }
    }

    /// <summary>Whether every record begun is finished.</summary>
    public bool IsIdle
    {
        get { lock (_lock) return _open.Count == 0; }
    }

    /// <summary>How many are begun and not finished.</summary>
    public int Unfinished
    {
        get { lock (_lock) return _open.Count(static entry => entry.How is null); }
    }

    /// <summary>Whether all before it are finished.</summary>
    public bool IsNext(Entry entry)
    {
        lock (_lock) return _open.TryPeek(out var first) && first == entry;
    }

    /// <summary>Begins a record that ends at <paramref name="next"/>; records are begun in backlog order.</summary>
    public Entry Begin(LogPosition next)
    {
        lock (_lock)
        {
            var entry = new Entry(next);
            _open.Enqueue(entry);
            return entry;
        }
    }

    public void Settle(Entry entry, Finish how)
    {
        lock (_lock)
        {
            entry.How = how;
            while (_open.TryPeek(out var first) && first.How is { } finished)
            {
                _open.Dequeue();
                _cursor = _cursor with
                {
                    Position = first.Next,
                    Delivered = _cursor.Delivered + (finished == Finish.Delivered ? 1 : 0),
                    Quarantined = _cursor.Quarantined + (finished == Finish.Quarantined ? 1 : 0),
                };
            }
        }
    }

    /// <summary>A call was made.</summary>
    public void Count(bool throttled)
    {
        lock (_lock) _cursor = _cursor with { Calls = _cursor.Calls + 1, Throttled = _cursor.Throttled + (throttled ? 1 : 0) };
    }

    public void Note(LastError error)
    {
        lock (_lock) _cursor = _cursor with { LastError = error };
    }

    /// <summary>Moves to the next segment; only when idle.</summary>
    public void JumpTo(LogPosition position)
    {
        lock (_lock) _cursor = _cursor with { Position = position };
    }

    internal sealed class Entry(LogPosition next)
    {
        public LogPosition Next { get; } = next;

        public Finish? How { get; set; }
    }
}
