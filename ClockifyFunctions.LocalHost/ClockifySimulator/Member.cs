using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>A user in a workspace.</summary>
internal sealed record Member(string UserId, string Name, string Email)
{
    public Role Role { get; init; } = Role.Member;

    /// <summary>PENDING, ACTIVE, DECLINED or INACTIVE. A row of the list does not show it; only the list's filter does, and its memberships.</summary>
    public string Status { get; init; } = "ACTIVE";

    /// <summary>Status of the account. An invited user is not registered until the invitation is accepted.</summary>
    public string AccountStatus => Status == "PENDING" ? "NOT_REGISTERED" : "ACTIVE";

    /// <summary>Further members of the answer to <c>member-profile</c>. Updates change this object in place.</summary>
    public JsonObject Profile { get; } = new() { ["weekStart"] = "MONDAY", ["workCapacity"] = "PT7H", ["workingDays"] = "[\"MONDAY\",\"TUESDAY\",\"WEDNESDAY\",\"THURSDAY\",\"FRIDAY\"]", ["userCustomFieldValues"] = new JsonArray() };

    /// <summary>IANA id.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";
}
