using System.IO.Hashing;
using System.Runtime.InteropServices;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Journaling;

/// <summary>
/// The content of a journal in memory. A busy journal contains tens of thousands of finished records, so it stores only a hash and a position for
/// each of them. Thread safe.
/// </summary>
internal sealed class JournalMemory
{
    /// <summary>The segments, oldest first.</summary>
    private readonly SortedList<int, Segment> _segments = [];
    private readonly Dictionary<UInt128, (string Id, RecordState State, LogPosition Place, int Segment)> _unfinished = [];
    private readonly Dictionary<UInt128, (RawJson? Event, LogPosition Place)> _pending = [];

    /// <summary>The postponed, unfinished records of each target, in their original order.</summary>
    private readonly Dictionary<ulong, SortedList<LogPosition, UInt128>> _postponed = [];

    /// <summary>Objects that verification found during this drain, with their records.</summary>
    private readonly Dictionary<UInt128, UInt128> _found = [];
    private readonly Lock _lock = new();
    private LogPosition _cursor = LogPosition.Start;

    /// <summary>Number of records that are postponed and not finished.</summary>
    public int Postponed
    {
        get { lock (_lock) return _unfinished.Values.Count(static record => record.State.Sequence is not null); }
    }

    /// <summary>Number of postponed records that have a target.</summary>
    public int PostponedForTargets
    {
        get { lock (_lock) return _unfinished.Values.Count(static record => record.State is { Sequence: not null, Target: not null }); }
    }

    /// <summary>Starts a drain. The broker has accepted the messages of all records before the cursor.</summary>
    public void BeginDrain(LogPosition cursor)
    {
        lock (_lock)
        {
            _cursor = cursor;
            _found.Clear();
            foreach (var (hash, message) in _pending)
                if (message.Place <= cursor) _pending.Remove(hash);
        }
    }

    /// <summary>Applies a line. Outcomes are final, and a higher attempt replaces a lower one: a process that lost its gate may write a planned line late.</summary>
    public void Note(JournalLine line, int segment)
    {
        lock (_lock)
        {
            var hash = Hash(line.Id);
            var known = _unfinished.GetValueOrDefault(hash).State;
            if (!line.State.IsFinished && (FindFinished(hash) is not null || known?.Attempt > line.State.Attempt)) return;
            if (!_segments.TryGetValue(segment, out var its)) _segments[segment] = its = new Segment();
            if (line.Place > its.Furthest) its.Furthest = line.Place;
            if (line.EntityId is { } entity) its.Entities[Hash(entity)] = hash;
            if (known is { Target: { } target, Sequence: { } sequence } && _postponed.TryGetValue(target, out var others) && others.Remove(sequence) && others.Count == 0) _postponed.Remove(target);
            if (line.State.IsFinished)
            {
                _unfinished.Remove(hash);
                its.Finished[hash] = (line.State.Stage, line.Place);
            }
            else
            {
                _unfinished[hash] = (line.Id, line.State, line.Place, segment);
                if (line.State is { Target: { } key, Sequence: { } place })
                {
                    if (!_postponed.TryGetValue(key, out var order)) _postponed[key] = order = [];
                    order[place] = hash;
                }
            }

            var hasMessage = line.State.IsFinished ? line.Event is not null : line.State.Stage == Stage.Postponed;
            if (hasMessage && line.Place > _cursor) _pending[hash] = (line.Event, line.Place);
            else _pending.Remove(hash);
        }
    }

    /// <summary>The entry of a record; null if the journal does not contain the record.</summary>
    public JournalEntry? Find(string id)
    {
        lock (_lock)
        {
            var hash = Hash(id);
            var isPending = _pending.TryGetValue(hash, out var message);
            if (_unfinished.TryGetValue(hash, out var open)) return new JournalEntry(open.State, open.Place, isPending, null);
            return FindFinished(hash) is var (stage, place) ? new JournalEntry(new RecordState(stage), place, isPending, message.Event) : null;
        }
    }

    /// <summary>The first postponed, unfinished record of a target, if it precedes <paramref name="sequence"/>.</summary>
    public RecordState? Front(ulong target, LogPosition sequence)
    {
        lock (_lock) return _postponed.TryGetValue(target, out var order) && order.Keys[0] < sequence ? _unfinished[order.Values[0]].State : null;
    }

    /// <summary>Notes that the broker has accepted the message of a record.</summary>
    public void Accepted(string id)
    {
        lock (_lock) _pending.Remove(Hash(id));
    }

    /// <summary>The event for a line that is about to be written; null if the broker has already accepted it.</summary>
    public RawJson? PendingEvent(string id)
    {
        lock (_lock) return _pending.TryGetValue(Hash(id), out var message) ? message.Event : null;
    }

    /// <summary>Assigns a Clockify object to the record that created it. Returns false if the object belongs to another record.</summary>
    public bool TryClaim(string entityId, string id)
    {
        var (entity, record) = (Hash(entityId), Hash(id));
        lock (_lock)
        {
            foreach (var segment in _segments.Values)
                if (segment.Entities.TryGetValue(entity, out var maker)) return maker == record;
            return _found.TryAdd(entity, record) || _found[entity] == record;
        }
    }

    /// <summary>Whether one of the records is known to have created this Clockify object.</summary>
    public bool Knows(string entityId)
    {
        var entity = Hash(entityId);
        lock (_lock) return _found.ContainsKey(entity) || _segments.Values.Any(segment => segment.Entities.ContainsKey(entity));
    }

    /// <summary>Whether a segment contains a record that the cursor has not passed.</summary>
    public bool IsNeeded(int segment)
    {
        lock (_lock) return _segments.TryGetValue(segment, out var its) && its.Furthest > _cursor;
    }

    /// <summary>The postponed, unfinished records whose latest line is in a segment before <paramref name="segment"/>.</summary>
    public IReadOnlyList<JournalLine> PostponedBefore(int segment)
    {
        lock (_lock) return [.. _unfinished.Values.Where(record => record.Segment < segment && record.State.Sequence is not null).Select(record => new JournalLine(record.Id, record.Place, record.State))];
    }

    /// <summary>Removes the segments before <paramref name="segment"/>, which are deleted.</summary>
    public void ForgetBefore(int segment)
    {
        lock (_lock)
        {
            foreach (var gone in _segments.Keys.Where(number => number < segment).ToArray()) _segments.Remove(gone);
            foreach (var (hash, record) in _unfinished)
                if (record.Segment < segment) _unfinished.Remove(hash);
        }
    }

    private (Stage Stage, LogPosition Place)? FindFinished(UInt128 hash)
    {
        for (var index = _segments.Count - 1; index >= 0; index--)
            if (_segments.GetValueAtIndex(index).Finished.TryGetValue(hash, out var found)) return found;
        return null;
    }

    /// <summary>Uses 128 bits, because two ids with equal hashes would be treated as one record.</summary>
    private static UInt128 Hash(string id) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(id.AsSpan()));

    private sealed class Segment
    {
        public Dictionary<UInt128, (Stage Stage, LogPosition Place)> Finished { get; } = [];

        /// <summary>Clockify objects, with the records that created them.</summary>
        public Dictionary<UInt128, UInt128> Entities { get; } = [];

        /// <summary>The highest backlog position of the records in this segment.</summary>
        public LogPosition Furthest { get; set; } = LogPosition.Start;
    }
}
