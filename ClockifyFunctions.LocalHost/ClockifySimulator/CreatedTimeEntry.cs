namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>A time entry as it was created, kept also after its update or deletion: duplicates and losses are counted on these.</summary>
internal sealed record CreatedTimeEntry(
    string Id,
    string WorkspaceId,
    string UserId,
    string Description,
    DateTimeOffset Start,
    string Key);
