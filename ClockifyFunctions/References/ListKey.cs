namespace ClockifyFunctions.References;

/// <summary>One list of Clockify's objects.</summary>
/// <param name="List">Name of the lookup.</param>
/// <param name="Scope">Id of the parent, for lookups that are listed by parent: the project of tasks. Else null.</param>
internal readonly record struct ListKey(string WorkspaceId, string List, string? Scope = null);
