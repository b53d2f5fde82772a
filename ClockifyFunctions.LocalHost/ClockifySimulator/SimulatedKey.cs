namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>A credential, the user it acts for and the workspaces that user belongs to, with the same role in each.</summary>
internal sealed record SimulatedKey(
    string Key,
    string UserId,
    string Name,
    string Email,
    Role Role,
    IReadOnlyList<string> WorkspaceIds,
    bool IsAddonToken = false)
{
    /// <summary>Of the user's profile, an IANA id. Default <c>Etc/UTC</c>.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>Owners and admins are exempt from locks and may write for others.</summary>
    public bool Manages => Role is Role.Owner or Role.Admin;

    // A record prints all members; the key must not reach a log that way.
    public override string ToString() => $"{Name} ({Role})";
}
