namespace ClockifyFunctions.Quarantine;

/// <summary>Collects the earlier reasons of quarantined records, line by line. Pure.</summary>
internal sealed class QuarantineHistory
{
    private readonly Dictionary<string, QuarantineEntry> _before = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<QuarantineEntry.Earlier>> _stays = new(StringComparer.Ordinal);

    /// <summary>Adds an earlier line of an entry.</summary>
    public void Add(QuarantineEntry entry)
    {
        if (!entry.Closes())
        {
            _before[entry.Id] = entry;
        }
        else if (_before.Remove(entry.Id, out var closed))
        {
            if (!_stays.TryGetValue(entry.Id, out var stays)) _stays[entry.Id] = stays = [];
            stays.AddRange([.. closed.History ?? [], new(closed.At, closed.Kind, closed.Reason)]);
        }
    }

    /// <summary>The entry with its history, oldest first. A copied entry keeps the history that it contains.</summary>
    public QuarantineEntry Tell(QuarantineEntry entry) =>
        _stays.GetValueOrDefault(entry.Id) is { } stays ? entry with { History = [.. (entry.History ?? []).Concat(stays).Distinct()] } : entry;
}
