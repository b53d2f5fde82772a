using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Quarantine;

/// <summary>What the lines of a quarantine log amount to: entries that are open, and entries that a person has dealt with. Pure.</summary>
internal sealed class QuarantineState
{
    private readonly Dictionary<string, (LogPosition At, int Replay)> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Replay, string How, DateTimeOffset At)> _closed = new(StringComparer.Ordinal);

    public int OpenCount => _open.Count;

    /// <summary>Adds the next line of the log.</summary>
    /// <param name="at">Where the line ends.</param>
    public void Add(QuarantineEntry entry, LogPosition at)
    {
        var replay = entry.Replay ?? 0;
        var isOpen = _open.TryGetValue(entry.Id, out var known);
        if (!entry.Closes())
        {
            // A crash can write an entry twice: the later line says the same.
            if (replay > ClosedReplay(entry.Id) && !(isOpen && known.Replay > replay)) _open[entry.Id] = (at, replay);
        }
        else if (!(isOpen && known.Replay > replay))
        {
            // Otherwise the record was refused again before its replay was noted, and that entry is still open.
            _open.Remove(entry.Id);
            _closed[entry.Id] = (replay, entry.Kind, entry.At);
        }
    }

    /// <summary>Whether this line is the one that counts of an open entry.</summary>
    public bool IsOpen(QuarantineEntry entry, LogPosition at) => _open.TryGetValue(entry.Id, out var known) && known.At == at;

    public bool HasOpen(string id) => _open.ContainsKey(id);

    /// <summary>
    /// Whether the line stays when the log is erased. The lines that close an entry stay for the same time: until then a crash can write the entry
    /// again, and it must not be open then.
    /// </summary>
    /// <param name="keep">How long replayed entries stay. Should a record come back, they tell why it was here before.</param>
    public bool Stays(QuarantineEntry entry, LogPosition at, DateTimeOffset now, TimeSpan keep)
    {
        if (entry.Closes()) return now - entry.At < keep;
        if (IsOpen(entry, at)) return true;
        return _closed.TryGetValue(entry.Id, out var closed) && closed.How == QuarantineEntry.Replayed && (entry.Replay ?? 0) <= closed.Replay && now - closed.At < keep;
    }

    private int ClosedReplay(string id) => _closed.TryGetValue(id, out var closed) ? closed.Replay : -1;
}
