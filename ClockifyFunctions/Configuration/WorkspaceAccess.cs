namespace ClockifyFunctions.Configuration;

/// <summary>What a key may do in one workspace, as the API said when the connection was last checked.</summary>
/// <param name="Features">Names of the workspace's features; null if the API did not name them.</param>
/// <param name="IsAdmin">Whether the key belongs to an owner or admin; null if the API did not say.</param>
internal sealed record WorkspaceAccess(string WorkspaceId, IReadOnlySet<string>? Features, bool? IsAdmin);

/// <summary>The latest answers about a key's workspaces. In memory of this process only: without a check nothing is known, and nothing is refused for it.</summary>
internal sealed class KnownAccess
{
    /// <summary>A workspace can get a feature or lose one, so an old answer is not believed.</summary>
    public static readonly TimeSpan BelievedFor = TimeSpan.FromHours(1);

    private volatile Answer? _latest;

    public void Remember(IReadOnlyList<WorkspaceAccess> workspaces, DateTimeOffset now) => _latest = new Answer(now, workspaces);

    /// <summary>Null if nothing is known.</summary>
    public WorkspaceAccess? Find(string workspaceId, DateTimeOffset now) =>
        _latest is { } answer && now - answer.At < BelievedFor ? answer.Workspaces.FirstOrDefault(workspace => workspace.WorkspaceId == workspaceId) : null;

    private sealed record Answer(DateTimeOffset At, IReadOnlyList<WorkspaceAccess> Workspaces);
}
