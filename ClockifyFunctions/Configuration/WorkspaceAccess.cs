namespace ClockifyFunctions.Configuration;

/// <summary>The rights of a key in one workspace, as the API reported them at the last check.</summary>
/// <param name="Features">Features of the workspace; null if the API did not report them.</param>
/// <param name="IsAdmin">Whether the key belongs to an owner or admin; null if the API did not report it.</param>
internal sealed record WorkspaceAccess(string WorkspaceId, IReadOnlySet<string>? Features, bool? IsAdmin);

/// <summary>The last responses about the workspaces of a key. They are in the memory of this process only; without a check, nothing is known and no call is refused.</summary>
internal sealed class KnownAccess
{
    /// <summary>Responses older than this are ignored, because a workspace can gain or lose features.</summary>
    public static readonly TimeSpan ValidFor = TimeSpan.FromHours(1);

    private volatile Answer? _latest;

    public void Remember(IReadOnlyList<WorkspaceAccess> workspaces, DateTimeOffset now) => _latest = new Answer(now, workspaces);

    /// <summary>The access to a workspace; null if it is unknown.</summary>
    public WorkspaceAccess? Find(string workspaceId, DateTimeOffset now) =>
        _latest is { } answer && now - answer.At < ValidFor ? answer.Workspaces.FirstOrDefault(workspace => workspace.WorkspaceId == workspaceId) : null;

    private sealed record Answer(DateTimeOffset At, IReadOnlyList<WorkspaceAccess> Workspaces);
}
