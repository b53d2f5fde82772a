using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>The state of one workspace. Use it only while holding <see cref="World.Lock"/>.</summary>
internal sealed class Workspace(string id, string name, WorkspaceFlags flags)
{
    private readonly Dictionary<string, TimeEntry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TimeEntry>> entriesByUser = new(StringComparer.Ordinal);

    // Compare kinds by reference, because each kind is one object.
    private readonly Dictionary<ObjectKind, Dictionary<string, JsonObject>> objects = new(ReferenceEqualityComparer.Instance);

    // The running entry of each user. A search of all entries on each create would need quadratic time.
    private readonly Dictionary<string, TimeEntry> running = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    public string Name { get; } = name;

    public WorkspaceFlags Flags { get; set; } = flags;

    /// <summary>By user id.</summary>
    public Dictionary<string, Member> Members { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Project> Projects { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Client> Clients { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Tag> Tags { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Expense> Expenses { get; } = new(StringComparer.Ordinal);

    public List<TimeOffRequest> TimeOffRequests { get; } = [];

    public Dictionary<string, Invoice> Invoices { get; } = new(StringComparer.Ordinal);

    /// <summary>By id, as they are answered.</summary>
    public Dictionary<string, JsonObject> Objects(ObjectKind kind)
    {
        if (!objects.TryGetValue(kind, out var found))
            objects.Add(kind, found = new Dictionary<string, JsonObject>(StringComparer.Ordinal));
        return found;
    }

    public void Add(ObjectKind kind, JsonObject created) => Objects(kind).Add((string)created["id"]!, created);

    public TimeEntry? Entry(string entryId) => entries.GetValueOrDefault(entryId);

    public IReadOnlyCollection<TimeEntry> Entries => entries.Values;

    /// <summary>In order of creation.</summary>
    public IReadOnlyList<TimeEntry> EntriesOf(string userId) =>
        entriesByUser.TryGetValue(userId, out var found) ? found : [];

    public TimeEntry? RunningEntryOf(string userId) => running.GetValueOrDefault(userId);

    public void Add(TimeEntry entry, DateTimeOffset now)
    {
        entries.Add(entry.Id, entry);
        if (!entriesByUser.TryGetValue(entry.UserId, out var list))
            entriesByUser.Add(entry.UserId, list = []);
        list.Add(entry);
        NoteTimer(entry, now);
    }

    /// <summary>To be called after each change of an entry's end. A second timer stops the first, at <paramref name="now"/>.</summary>
    public void NoteTimer(TimeEntry entry, DateTimeOffset now)
    {
        var current = RunningEntryOf(entry.UserId);
        if (entry.End is null)
        {
            if (current is not null && current != entry)
                current.End = now > current.Start ? now : current.Start;
            running[entry.UserId] = entry;
        }
        else if (current == entry)
        {
            running.Remove(entry.UserId);
        }
    }

    public void Remove(TimeEntry entry)
    {
        entries.Remove(entry.Id);
        entriesByUser[entry.UserId].Remove(entry);
        if (RunningEntryOf(entry.UserId) == entry)
            running.Remove(entry.UserId);
    }
}
