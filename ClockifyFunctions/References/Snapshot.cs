using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.References;

/// <summary>The objects found by a name, on the first level that has any.</summary>
/// <param name="Level">1: equal. 2: equal but for spaces and composition. 3: equal but for letter case as well. 0: none.</param>
internal readonly record struct Match(int Level, IReadOnlyList<Listed> Found)
{
    public static readonly Match None = new(0, []);

    /// <summary>The one object that is meant: the only one, or the only active one. Null if there is none or several.</summary>
    public Listed? One => Found is [var only] ? only : Found.Count(static one => !one.IsArchived) == 1 ? Found.First(static one => !one.IsArchived) : null;
}

/// <summary>What is known of a list: its pages so far, what was searched for, and what this process changed. Locks itself.</summary>
/// <param name="takenAt">When the first page was read.</param>
/// <param name="isOwn">Read by this process; else another process may have changed the list since.</param>
internal sealed class Snapshot(Lookup lookup, ListKey key, DateTimeOffset takenAt, bool isOwn = true)
{
    private readonly Dictionary<string, Listed> _byId = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>For each member of <see cref="Lookup.By"/>: the objects by the folded name.</summary>
    private readonly Dictionary<string, List<Listed>>[] _byName = [.. lookup.By.Select(_ => new Dictionary<string, List<Listed>>(StringComparer.Ordinal))];
    private readonly Lock _lock = new();

    public Lookup Lookup => lookup;

    public ListKey Key => key;

    public DateTimeOffset TakenAt => takenAt;

    public bool IsOwn => isOwn;

    public int Pages { get; private set; }

    public bool IsWhole { get; private set; }

    /// <summary>Whether it holds changes that its blob does not have.</summary>
    public bool IsChanged { get; set; }

    public IReadOnlyList<Listed> Rows
    {
        get { lock (_lock) return [.. _byId.Values]; }
    }

    public void AddPages(int pages, bool isLast, IEnumerable<Listed> rows)
    {
        lock (_lock)
        {
            foreach (var row in rows) PutRow(row);
            Pages += pages;
            IsWhole = isLast;
        }
    }

    public Listed? Find(string id)
    {
        lock (_lock) return _byId.GetValueOrDefault(id);
    }

    /// <summary>Takes in an object as it is now.</summary>
    public void Put(Listed row)
    {
        lock (_lock) PutRow(row);
    }

    public void Remove(string id)
    {
        lock (_lock) RemoveRow(id);
    }

    /// <summary>Takes in the result of a search.</summary>
    /// <param name="name">What has this name and was not found has it no longer. Null: the search did not end.</param>
    public void Replace(string member, string? name, IReadOnlyList<Listed> found)
    {
        lock (_lock)
        {
            var index = IndexOf(member);
            Listed[] gone = name is null ? [] : [.. Named(index, name).Where(row => row.Names[index] == name && !found.Any(one => one.Id == row.Id))];
            foreach (var row in gone) RemoveRow(row.Id);
            foreach (var row in found) PutRow(row);
        }
    }

    /// <param name="member">One of <see cref="Lookup.By"/>.</param>
    /// <param name="isMeant">Whether an object lies where it is looked for.</param>
    public Match Match(string member, string said, Func<Listed, bool> isMeant)
    {
        lock (_lock)
        {
            var index = IndexOf(member);
            var candidates = Named(index, said).Where(isMeant).ToArray();
            if (candidates.Length == 0) return References.Match.None;
            if (candidates.Where(row => row.Names[index] == said).ToArray() is { Length: > 0 } equal) return new Match(1, equal);
            var tidy = NameForms.Tidy(said);
            return candidates.Where(row => NameForms.Tidy(row.Names[index]) == tidy).ToArray() is { Length: > 0 } alike ? new Match(2, alike) : new Match(3, candidates);
        }
    }

    private int IndexOf(string member)
    {
        for (var index = 0; index < lookup.By.Count; index++)
            if (lookup.By[index] == member) return index;
        throw new ArgumentException($"{lookup.Name} are not found by {member}.", nameof(member));
    }

    private List<Listed> Named(int index, string name) => _byName[index].GetValueOrDefault(NameForms.Fold(name)) ?? [];

    private void PutRow(Listed row)
    {
        RemoveRow(row.Id);
        _byId[row.Id] = row;
        for (var index = 0; index < _byName.Length; index++)
        {
            var name = NameForms.Fold(row.Names[index]);
            if (!_byName[index].TryGetValue(name, out var same)) _byName[index][name] = same = [];
            same.Add(row);
        }
    }

    private void RemoveRow(string id)
    {
        if (!_byId.Remove(id, out var row)) return;
        for (var index = 0; index < _byName.Length; index++)
            if (_byName[index].TryGetValue(NameForms.Fold(row.Names[index]), out var same)) same.RemoveAll(one => one.Id == row.Id);
    }
}
