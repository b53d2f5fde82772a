using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>Intents before calls, outcomes after them, under <c>journal/{credential}/{destination}/</c>. One append carries what a second brought.</summary>
/// <remarks>
/// It is read once and then kept: a later drain of this process reads only what others have added since. What the latest
/// <see cref="SegmentsKept"/> segments say, the last minutes, and any segment that speaks of records the cursor has not passed, is what duplicates are recognised by.
/// Whoever appends does so at the place it has read to, so what a former holder of the gate sends late, or storage takes late, is refused
/// once its successor has written. A busy journal speaks of tens of thousands of records, so of each only a hash and what was said last
/// stays in memory, and an event is written only if the broker has not taken it by then.
/// </remarks>
/// <param name="keepMinutes">Longer than the lock of a message: one that was taken in twice may come so much later for the second time.</param>
internal sealed class Journal(BlobAccount account, string credential, string destination, long segmentBytes = 4 << 20, int keepMinutes = 15)
{
    private const int ChunkSize = 4 << 20;
    private const int SegmentsKept = 2, MostTriedInVain = 200;

    private readonly AppendLog _log = new(account.Journal, Backlogs.Prefix(credential, destination), rollAtBytes: segmentBytes);

    /// <summary>By segment, oldest first.</summary>
    private readonly SortedList<int, Known> _known = [];
    private readonly Dictionary<UInt128, (RawJson Event, LogPosition Place)> _owed = [];

    /// <summary>Objects that reading back has found, and the records they were found for, until outcomes say so.</summary>
    private readonly Dictionary<UInt128, UInt128> _found = [];

    /// <summary>And whether that holds for one drain only. Of this process: whoever drains next may begin with them again.</summary>
    private readonly Dictionary<UInt128, bool> _triedInVain = [];

    /// <summary>Of records that have no later word than an intent, when the first one was and the last one, and what it would have made.</summary>
    private readonly Dictionary<UInt128, (long First, long Last, ulong? HashOfKey)> _intended = [];

    /// <summary>Without their events: those are in <see cref="_owed"/> for as long as they are.</summary>
    private readonly List<JournalEntry> _unwritten = [];
    private readonly Lock _lock = new();
    private LogPosition _readTo = LogPosition.Start, _cursor = LogPosition.Start;
    private (int Segment, DateTimeOffset? CreatedOn) _seen;
    private bool _isWriting, _hasDropped;

    /// <summary>Whether everything noted is in storage for certain; what is not must be read anew by whoever comes next.</summary>
    public bool IsClean
    {
        get { lock (_lock) return _unwritten.Count == 0 && !_isWriting && !_hasDropped; }
    }

    /// <summary>Reads what has been written since it was last read. Only the holder of the gate may call this: nobody else writes then.</summary>
    /// <param name="cursor">The events of records before it are acknowledged.</param>
    public Task CatchUpAsync(LogPosition cursor, CancellationToken cancel)
    {
        lock (_lock)
        {
            _cursor = cursor;
            _found.Clear();
            foreach (var (hash, owed) in _owed)
                if (owed.Place <= cursor) _owed.Remove(hash);
        }

        return CatchUpAsync(cancel);
    }

    private async Task CatchUpAsync(CancellationToken cancel)
    {
        var segments = await _log.ListAsync(cancel);
        if (_readTo > LogPosition.Start && (!(segments.TryGetValue(_readTo.Segment, out var latest) && latest.Properties.ContentLength >= _readTo.Offset) || IsAnother(segments))) Forget();
        foreach (var number in segments.Keys.Where(number => number >= _readTo.Segment))
        {
            if (number > _readTo.Segment) _readTo = new LogPosition(number, 0);
            // To the very end, whatever length the listing gave; what came later than the listing makes the next append fail, and is read then.
            for (var isEnd = segments[number].Properties.ContentLength == _readTo.Offset; !isEnd;)
            {
                var chunk = await _log.ReadAsync(_readTo, ChunkSize, cancel);
                lock (_lock)
                {
                    foreach (var line in chunk.Lines.Where(line => !line.Damaged))
                        if (JsonSerializer.Deserialize(line.Payload.Span, DeliveryJson.Web.JournalEntry) is { } entry) Note(entry, number, isOwed: entry.Place > _cursor);
                }

                (_readTo, isEnd) = (chunk.Next, chunk.IsEnd);
            }
        }

        _seen = segments.TryGetValue(_readTo.Segment, out var read) ? (_readTo.Segment, read.Properties.CreatedOn) : default;
        if (segments.Count <= SegmentsKept) return;
        int oldest;
        var (newest, old) = (segments.Keys.Last(), segments.Values.Last().Properties.LastModified - TimeSpan.FromMinutes(keepMinutes));
        lock (_lock)
        {
            oldest = segments.Keys.First(number =>
                number > newest - SegmentsKept || segments[number].Properties.LastModified > old || (_known.TryGetValue(number, out var known) && known.Furthest > _cursor));
            foreach (var gone in _known.Keys.Where(number => number < oldest).ToArray()) _known.Remove(gone);
        }

        if (segments.Keys.First() < oldest) await _log.DeleteBeforeAsync(oldest, cancel);
    }

    /// <summary>Whether the segment that was read last time was made since: by then the destination has had another life.</summary>
    private bool IsAnother(SortedDictionary<int, BlobItem> segments) => segments.TryGetValue(_seen.Segment, out var there) && there.Properties.CreatedOn != _seen.CreatedOn;

    /// <summary>The latest word on a record, written or not; null if it was never heard of. With its event where that is still owed.</summary>
    public LatestWord? Latest(string id)
    {
        lock (_lock)
        {
            var hash = Hash(id);
            for (var index = _known.Count - 1; index >= 0; index--)
                if (_known.GetValueAtIndex(index).Said.TryGetValue(hash, out var said))
                    return new LatestWord(id, said.Kind, said.Place, _owed.TryGetValue(hash, out var owed) ? owed.Event : null, _intended.TryGetValue(hash, out var at) ? at : null);
            return null;
        }
    }

    /// <summary>Notes an entry; it becomes durable with the next <see cref="WriteAsync"/>.</summary>
    public void Add(JournalEntry entry)
    {
        lock (_lock)
        {
            Note(entry, _readTo.Segment, isOwed: true);
            _unwritten.Add(entry.Event is null ? entry : entry with { Event = null });
        }
    }

    /// <summary>The broker has the record's response event.</summary>
    public void Emitted(string id)
    {
        lock (_lock) _owed.Remove(Hash(id));
    }

    /// <summary>The record, the first of its batch perhaps, has failed, and nothing tells whether it is to blame.</summary>
    /// <param name="once">It comes last once; else until its outcome is known.</param>
    public void TriedInVain(string id, bool once)
    {
        lock (_lock)
        {
            // In an outage each drain adds some. Then it is begun from the head again.
            if (_triedInVain.Count >= MostTriedInVain) _triedInVain.Clear();
            _triedInVain[Hash(id)] = once && _triedInVain.GetValueOrDefault(Hash(id), true);
        }
    }

    public bool WasTriedInVain(string id)
    {
        lock (_lock) return _triedInVain.Count > 0 && _triedInVain.ContainsKey(Hash(id));
    }

    /// <summary>It has come after others that were not tried.</summary>
    public void HasComeLast(string id)
    {
        lock (_lock)
            if (_triedInVain.TryGetValue(Hash(id), out var once) && once) _triedInVain.Remove(Hash(id));
    }

    /// <summary>Takes a Clockify object for the one that a record made; false when another record made it, or another was found to have.</summary>
    public bool TryClaim(string entityId, string id)
    {
        var (entity, record) = (Hash(entityId), Hash(id));
        lock (_lock)
        {
            foreach (var known in _known.Values)
                if (known.Entities.TryGetValue(entity, out var maker)) return maker == record;
            return _found.TryAdd(entity, record) || _found[entity] == record;
        }
    }

    /// <summary>Whether a Clockify object is known to have been made by one of the records.</summary>
    public bool Knows(string entityId)
    {
        var entity = Hash(entityId);
        lock (_lock) return _found.ContainsKey(entity) || _known.Values.Any(known => known.Entities.ContainsKey(entity));
    }

    /// <summary>Makes everything noted so far durable, in one append as a rule.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        JournalEntry[] entries;
        lock (_lock)
        {
            if (_unwritten.Count == 0) return;
            entries = [.. _unwritten.Select(entry => _owed.TryGetValue(Hash(entry.Id), out var owed) ? entry with { Event = owed.Event } : entry)];
            _unwritten.Clear();
            _isWriting = true;
        }

        try
        {
            foreach (var block in AppendLog.Blocks(entries, DeliveryJson.Web.JournalEntry)) await WriteAsync(block.Lines, entries, cancel);
            lock (_lock) _isWriting = false;
        }
        catch
        {
            lock (_lock) _unwritten.InsertRange(0, entries); // Still owed; writing one twice does no harm.
            throw;
        }
    }

    /// <summary>Makes durable what is owed at the end of a drain, when nothing is in flight.</summary>
    /// <param name="lost">
    /// Fires when the gate is. Outcomes are facts and are written in any case; that a record was released is the holder's to say: the
    /// next one may have sent it. An intent that is not written by now is dropped, because no call followed it.
    /// </param>
    public async Task CloseAsync(CancellationToken lost)
    {
        Drop(JournalKind.Intent);
        try
        {
            lost.ThrowIfCancellationRequested();
            await WriteAsync(lost);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            Drop(JournalKind.Released);
            await WriteAsync(CancellationToken.None);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> block, JournalEntry[] entries, CancellationToken cancel)
    {
        LogPosition? next;
        while ((next = await _log.AppendAtAsync(_readTo, block, cancel)) is null)
        {
            // A former holder's last line has come late, or this is the former holder: first hear what was said, then say ours again.
            await CatchUpAsync(cancel);
            cancel.ThrowIfCancellationRequested();
            lock (_lock)
                foreach (var entry in entries.Concat(_unwritten)) Note(entry, _readTo.Segment, isOwed: _owed.ContainsKey(Hash(entry.Id)));
        }

        _readTo = next.Value;
        if (_seen.Segment == _readTo.Segment) return;
        // A new segment, or the first one: known again by when it was made.
        _seen = (await _log.ListAsync(cancel)).TryGetValue(_readTo.Segment, out var made) ? (_readTo.Segment, made.Properties.CreatedOn) : default;
    }

    private void Drop(JournalKind kind)
    {
        lock (_lock) _hasDropped |= _unwritten.RemoveAll(entry => entry.Kind == kind) > 0;
    }

    /// <summary>The log is not the one that was read: the destination was deleted, and made anew perhaps.</summary>
    private void Forget()
    {
        lock (_lock)
        {
            _known.Clear();
            _owed.Clear();
            _triedInVain.Clear();
            _intended.Clear();
            (_readTo, _seen) = (LogPosition.Start, default);
        }
    }

    private void Note(JournalEntry entry, int segment, bool isOwed)
    {
        // An outcome is final. A holder that lost its gate may still write, late, what it had meant to do; that changes nothing.
        var hash = Hash(entry.Id);
        if (entry.Kind is JournalKind.Intent or JournalKind.Released && HasOutcome(hash)) return;
        if (!_known.TryGetValue(segment, out var known)) _known[segment] = known = new Known();
        known.Said[hash] = (entry.Kind, entry.Place);
        if (entry.Kind is JournalKind.Delivered or JournalKind.Quarantined) _triedInVain.Remove(hash);
        if (entry.Kind != JournalKind.Intent) _intended.Remove(hash);
        else if (entry.IntendedAt is { } at) _intended[hash] = (_intended.TryGetValue(hash, out var earlier) ? earlier.First : at, at, entry.HashOfKey);
        if (entry.Place > known.Furthest) known.Furthest = entry.Place;
        if (entry.EntityId is { } entity) known.Entities[Hash(entity)] = hash;
        if (entry.Event is { } response && isOwed) _owed[hash] = (response, entry.Place);
    }

    private bool HasOutcome(UInt128 hash)
    {
        for (var index = 0; index < _known.Count; index++)
            if (_known.GetValueAtIndex(index).Said.TryGetValue(hash, out var said) && said.Kind is JournalKind.Delivered or JournalKind.Quarantined) return true;
        return false;
    }

    /// <summary>Of 128 bits, because two ids with one hash would be taken for one record.</summary>
    private static UInt128 Hash(string id) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(id.AsSpan()));

    /// <summary>What one segment says.</summary>
    private sealed class Known
    {
        public Dictionary<UInt128, (JournalKind Kind, LogPosition Place)> Said { get; } = [];

        /// <summary>Objects, and the records that made them.</summary>
        public Dictionary<UInt128, UInt128> Entities { get; } = [];

        /// <summary>Of the records it speaks of, where the last one ends in the backlog.</summary>
        public LogPosition Furthest { get; set; } = LogPosition.Start;
    }
}
