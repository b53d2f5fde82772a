namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>A time entry as it was created. The ledger keeps it after updates and deletion, so that tests can count duplicates and lost records.</summary>
internal sealed record CreatedTimeEntry(
    string Id,
    string WorkspaceId,
    string UserId,
    string Description,
    DateTimeOffset Start,
    string Key);
