using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.LocalHost.Commands.Agency;

/// <summary>The content of a workspace of the simulator, with names instead of ids.</summary>
/// <param name="Created">Tasks and tags that the file of the workspace did not have.</param>
internal sealed record WorkspaceState(IReadOnlyList<EntryLine> Entries, IReadOnlyList<string> Created)
{
    public static WorkspaceState Of(Workspace workspace, WorkspaceFile before)
    {
        var known = (before.Tasks ?? []).Select(task => task.Id).Concat((before.Tags ?? []).Select(tag => tag.Id)).ToHashSet(StringComparer.Ordinal);
        var tasks = workspace.Projects.Values.SelectMany(project => project.Tasks.Values.Where(task => !known.Contains(task.Id)).Select(task => Task(ClientOf(workspace, project), project.Name, task.Name)));
        var tags = workspace.Tags.Values.Where(tag => !known.Contains(tag.Id)).Select(tag => Tag(tag.Name));
        return new WorkspaceState([.. workspace.Entries.Select(entry => Line(workspace, entry))], [.. tasks, .. tags]);
    }

    public static string Task(string? client, string? project, string? name) => $"task {client ?? "-"} / {project} / {name}";

    public static string Tag(string name) => $"tag {name}";

    private static EntryLine Line(Workspace workspace, TimeEntry entry)
    {
        var project = workspace.Projects.GetValueOrDefault(entry.ProjectId ?? "");
        return new EntryLine(
            workspace.Members[entry.UserId].Email,
            project is null ? null : ClientOf(workspace, project),
            project?.Name,
            project?.Tasks.GetValueOrDefault(entry.TaskId ?? "")?.Name,
            entry.Description,
            Timestamps.Text(entry.Start),
            entry.End is { } end ? Timestamps.Text(end) : "",
            EntryLine.Join((entry.TagIds ?? []).Select(id => workspace.Tags.GetValueOrDefault(id)?.Name ?? id)),
            entry.Billable);
    }

    private static string? ClientOf(Workspace workspace, Project project) => workspace.Clients.GetValueOrDefault(project.ClientId)?.Name;
}
