using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.References;

/// <summary>The objects that match a name, on the first level that has any.</summary>
/// <param name="Level">1: equal. 2: equal except for spaces and composed characters. 3: also different in letter case. 0: no match.</param>
internal readonly record struct Match(int Level, IReadOnlyList<Listed> Found)
{
    public static readonly Match None = new(0, []);

    /// <summary>The object that the name stands for: the only match, or the only active match. Null if there is no such object.</summary>
    public Listed? One => Found is [var only] ? only : Found.Count(static one => !one.IsArchived) == 1 ? Found.First(static one => !one.IsArchived) : null;
}

/// <summary>The known objects of a list: the pages that were read, search results, and the changes of this process. Thread-safe.</summary>
/// <param name="takenAt">When the first page was read.</param>
/// <param name="isOwn">Whether this process read the list. Otherwise another process may have changed the list since.</param>
internal sealed class Snapshot(Lookup lookup, ListKey key, DateTimeOffset takenAt, bool isOwn = true)
{
    private readonly Dictionary<string, Listed> _byId = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The objects by folded name, for each member of <see cref="Lookup.By"/>.</summary>
    private readonly Dictionary<string, List<Listed>>[] _byName = [.. lookup.By.Select(_ => new Dictionary<string, List<Listed>>(StringComparer.Ordinal))];
    private readonly Lock _lock = new();

    public Lookup Lookup => lookup;

    public ListKey Key => key;

    public DateTimeOffset TakenAt => takenAt;

    public bool IsOwn => isOwn;

    public int Pages { get; private set; }

    public bool IsWhole { get; private set; }

    /// <summary>Whether the snapshot contains changes that are not in its blob.</summary>
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

    /// <summary>Adds or updates an object.</summary>
    public void Put(Listed row)
    {
        lock (_lock) PutRow(row);
    }

    public void Remove(string id)
    {
        lock (_lock) RemoveRow(id);
    }

    /// <summary>Adds the result of a search.</summary>
    /// <param name="name">The name that was searched. Objects of this name that were not found are removed. Null if the search did not reach its last page.</param>
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
    /// <param name="isMeant">Whether an object is in the expected parent.</param>
    public Match Match(string member, string value, Func<Listed, bool> isMeant)
    {
        lock (_lock)
        {
            var index = IndexOf(member);
            var candidates = Named(index, value).Where(isMeant).ToArray();
            if (candidates.Length == 0) return References.Match.None;
            if (candidates.Where(row => row.Names[index] == value).ToArray() is { Length: > 0 } equal) return new Match(1, equal);
            var tidy = NameForms.Tidy(value);
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
