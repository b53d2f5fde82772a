namespace ClockifyFunctions.References;

/// <summary>Identifies one list of Clockify's objects.</summary>
/// <param name="List">The name of the lookup.</param>
/// <param name="Scope">The id of the parent, if each parent has its own list: for tasks, the project. Otherwise null.</param>
internal readonly record struct ListKey(string WorkspaceId, string List, string? Scope = null);
