using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed class TimeEntry(string id, string userId, DateTimeOffset createdAt)
{
    public string Id { get; } = id;

    public string UserId { get; } = userId;

    /// <summary>Not on the wire; new entries stay out of date windows for a while.</summary>
    public DateTimeOffset CreatedAt { get; } = createdAt;

    public string Description { get; set; } = "";

    public bool Billable { get; set; }

    public string? ProjectId { get; set; }

    public string? TaskId { get; set; }

    public IReadOnlyList<string>? TagIds { get; set; }

    public string Type { get; set; } = "REGULAR";

    public DateTimeOffset Start { get; set; }

    /// <summary>Null while the timer runs.</summary>
    public DateTimeOffset? End { get; set; }

    public JsonArray CustomFields { get; set; } = [];
}
