using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Quarantine;

/// <summary>The state that results from the lines of a quarantine log: open entries and closed entries. Pure.</summary>
internal sealed class QuarantineState
{
    private readonly Dictionary<string, (LogPosition At, int Replay)> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Replay, string How, DateTimeOffset At)> _closed = new(StringComparer.Ordinal);

    public int OpenCount => _open.Count;

    /// <summary>Adds the next line of the log.</summary>
    /// <param name="at">The end of the line.</param>
    public void Add(QuarantineEntry entry, LogPosition at)
    {
        var replay = entry.Replay ?? 0;
        var isOpen = _open.TryGetValue(entry.Id, out var known);
        if (!entry.Closes())
        {
            // A crash can write an entry twice. The later line has the same content.
            if (replay > ClosedReplay(entry.Id) && !(isOpen && known.Replay > replay)) _open[entry.Id] = (at, replay);
        }
        else if (!(isOpen && known.Replay > replay))
        {
            // Otherwise the record was refused again before its replay was noted, so that entry stays open.
            _open.Remove(entry.Id);
            _closed[entry.Id] = (replay, entry.Kind, entry.At);
        }
    }

    /// <summary>Whether this line is the valid line of an open entry.</summary>
    public bool IsOpen(QuarantineEntry entry, LogPosition at) => _open.TryGetValue(entry.Id, out var known) && known.At == at;

    public bool HasOpen(string id) => _open.ContainsKey(id);

    /// <summary>
    /// Whether an erasure keeps the line. Lines that close an entry are kept for the same time: a crash can write the entry again during that time, and it
    /// must not become open.
    /// </summary>
    /// <param name="keep">How long replayed entries are kept. They show the earlier reasons if a record is quarantined again.</param>
    public bool Stays(QuarantineEntry entry, LogPosition at, DateTimeOffset now, TimeSpan keep)
    {
        if (entry.Closes()) return now - entry.At < keep;
        if (IsOpen(entry, at)) return true;
        return _closed.TryGetValue(entry.Id, out var closed) && closed.How == QuarantineEntry.Replayed && (entry.Replay ?? 0) <= closed.Replay && now - closed.At < keep;
    }

    private int ClosedReplay(string id) => _closed.TryGetValue(id, out var closed) ? closed.Replay : -1;
}
