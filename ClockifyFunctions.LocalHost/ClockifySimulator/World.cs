namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>All state, behind one lock: requests are handled one after the other, so none sees half of another.</summary>
internal sealed class World(TimeProvider time, WorkspaceFlags flags, Ledger ledger)
{
    private readonly Dictionary<string, Workspace> workspaces = new(StringComparer.Ordinal);

    public Lock Gate { get; } = new();

    public ObjectIds Ids { get; } = new(time);

    public Ledger Ledger { get; } = ledger;

    /// <summary>Whole seconds, as everything Clockify stores.</summary>
    public DateTimeOffset Now => Timestamps.Cut(time.GetUtcNow());

    public Workspace? Find(string workspaceId) => workspaces.GetValueOrDefault(workspaceId);

    public IEnumerable<Workspace> WorkspacesOf(string userId) =>
        workspaces.Values.Where(w => w.Members.ContainsKey(userId));

    public void Join(SimulatedKey key)
    {
        lock (Gate)
        {
            // An add-on acts for a user who is a member already.
            foreach (var id in key.WorkspaceIds.Where(id => !key.IsAddonToken || !Workspace(id).Members.ContainsKey(key.UserId)))
                Workspace(id).Members[key.UserId] = new Member(key.UserId, key.Name, key.Email) { Role = key.Role, TimeZone = key.TimeZone };
        }
    }

    /// <summary>Made on first sight.</summary>
    public Workspace Workspace(string id)
    {
        lock (Gate)
        {
            if (!workspaces.TryGetValue(id, out var workspace))
                workspaces.Add(id, workspace = new Workspace(id, Seed.WorkspaceName(id), flags));
            return workspace;
        }
    }
}
