namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>A user in a workspace.</summary>
internal sealed record Member(string UserId, string Name, string Email)
{
    public Role Role { get; init; } = Role.Member;

    /// <summary>PENDING, ACTIVE, DECLINED or INACTIVE. A row of the list does not show it; only the list's filter does, and its memberships.</summary>
    public string Status { get; init; } = "ACTIVE";

    /// <summary>IANA id.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";
}
