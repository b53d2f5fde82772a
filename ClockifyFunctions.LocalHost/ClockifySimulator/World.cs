namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>All state, protected by one lock, so that no request reads the incomplete changes of another.</summary>
internal sealed class World(TimeProvider time, WorkspaceFlags flags, Ledger ledger)
{
    private readonly Dictionary<string, Workspace> workspaces = new(StringComparer.Ordinal);

    public Lock Lock { get; } = new();

    public ObjectIds Ids { get; } = new(time);

    public Ledger Ledger { get; } = ledger;

    /// <summary>The time in whole seconds, because Clockify stores whole seconds.</summary>
    public DateTimeOffset Now => Timestamps.Cut(time.GetUtcNow());

    public Workspace? Find(string workspaceId) => workspaces.GetValueOrDefault(workspaceId);

    public IEnumerable<Workspace> WorkspacesOf(string userId) =>
        workspaces.Values.Where(w => w.Members.ContainsKey(userId));

    public void Join(SimulatedKey key)
    {
        lock (Lock)
        {
            // An add-on acts for a user who is a member already.
            foreach (var id in key.WorkspaceIds.Where(id => !key.IsAddonToken || !Workspace(id).Members.ContainsKey(key.UserId)))
                Workspace(id).Members[key.UserId] = new Member(key.UserId, key.Name, key.Email) { Role = key.Role, TimeZone = key.TimeZone };
        }
    }

    /// <summary>Creates the workspace if it does not exist.</summary>
    public Workspace Workspace(string id)
    {
        lock (Lock)
        {
            if (!workspaces.TryGetValue(id, out var workspace))
                workspaces.Add(id, workspace = new Workspace(id, Seed.WorkspaceName(id), flags));
            return workspace;
        }
    }
}
