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
    private LogPosition _position = start.Position;
    private long _delivered = start.Delivered, _quarantined = start.Quarantined, _calls = start.Calls, _throttled = start.Throttled;
    private LastError? _lastError = start.LastError;
    private CallHistory _recentCalls = start.RecentCalls;

    public Cursor Cursor
    {
        get { lock (_lock) return new Cursor(_position, _delivered, _quarantined, _calls, _throttled) { LastError = _lastError, RecentCalls = _recentCalls }; }
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
            if (how == Finish.Delivered) _lastError = null;
            while (_open.TryPeek(out var first) && first.How is { } finished)
            {
                _open.Dequeue();
                _position = first.Next;
                if (finished == Finish.Delivered) _delivered++;
                else if (finished == Finish.Quarantined) _quarantined++;
            }
        }
    }

    /// <summary>Counts a call that was permitted at <paramref name="sentAt"/>.</summary>
    public void Count(DateTimeOffset sentAt, bool throttled)
    {
        lock (_lock)
        {
            _calls++;
            if (throttled) _throttled++;
            _recentCalls = _recentCalls.With(sentAt, throttled);
        }
    }

    public void Note(LastError error)
    {
        lock (_lock) _lastError = error;
    }

    /// <summary>Moves to the next segment; only when idle.</summary>
    public void JumpTo(LogPosition position)
    {
        lock (_lock) _position = position;
    }

    internal sealed class Entry(LogPosition next)
    {
        public LogPosition Next { get; } = next;

        public Finish? How { get; set; }
    }
}
