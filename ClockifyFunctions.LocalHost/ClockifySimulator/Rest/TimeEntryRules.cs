namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>The rules for creates and updates of time entries. The messages of refusals that are not documented are texts of the simulator.</summary>
internal static class TimeEntryRules
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(999);

    public static Answer? Refuse(Call call, Body body, DateTimeOffset start, bool creating) =>
        Description(body.Text("description"))
        ?? Interval(start, body.Instant("end"))
        ?? Type(call, body.Text("type"))
        ?? References(call.Workspace, body, creating)
        ?? (body.Has("end") ? ForcedProject(call.Workspace, body.Text("projectId")) : null);

    /// <summary>Owners and admins are exempt.</summary>
    public static Answer? Locked(Call call, DateTimeOffset start) =>
        !call.Caller.Manages && start < call.Workspace.Flags.LockedBefore
            ? Answer.Error(403, 1003, "Can't edit locked time entry.")
            : null;

    public static Answer? Interval(DateTimeOffset start, DateTimeOffset? end)
    {
        if (end < start)
        {
            return Answer.Invalid(
                $"Start datetime {Timestamps.Text(start)} is greater than end datetime {Timestamps.Text(end.Value)}.");
        }

        return end - start > Longest ? Answer.Invalid("Time entry cannot have duration more than 999 hours.") : null;
    }

    private static Answer? Description(string? description)
    {
        if (description is null)
            return null;
        if (description.Length > 3000)
            return Answer.Invalid("Description cannot be longer than 3000.");
        return description.AsSpan().ContainsAny('<', '>') ? Answer.Invalid("Don't use < and > characters") : null;
    }

    private static Answer? Type(Call call, string? type) => type switch
    {
        null or "REGULAR" => null,
        "BREAK" when call.Workspace.Flags.Breaks => null,
        "BREAK" => Answer.Invalid("Break feature is not enabled on workspace."),
        _ => Answer.Error(400, 3002, "JSON parse error: Cannot deserialize value of field `type`"),
    };

    private static Answer? References(Workspace workspace, Body body, bool creating)
    {
        Project? project = null;
        if (body.Text("projectId") is { Length: > 0 } projectId
            && !workspace.Projects.TryGetValue(projectId, out project))
        {
            return Answer.Invalid("Project doesn't belong to Workspace");
        }

        if (body.Text("taskId") is { Length: > 0 } taskId && project?.Tasks.ContainsKey(taskId) != true)
            return Answer.Invalid("Task doesn't belong to Project");

        foreach (var tagId in body.Texts("tagIds") ?? [])
        {
            if (!workspace.Tags.TryGetValue(tagId, out var tag))
                return Answer.Invalid("Tag doesn't belong to Workspace");
            if (tag.Archived && creating)
                return Answer.Invalid("You can not create entities for archived tag");
        }

        return (body.List("customFields")?.Count ?? 0) > 50
            ? Answer.Invalid("Number of custom fields cannot be greater than 50.")
            : null;
    }

    /// <summary>Refuses a finished entry without a project. A running entry is checked when its timer is stopped.</summary>
    public static Answer? ForcedProject(Workspace workspace, string? projectId) =>
        !workspace.Flags.ForceProjects
        || (projectId is not null && workspace.Projects.TryGetValue(projectId, out var project) && !project.Archived)
            ? null
            : Answer.Invalid(
                "Time entry couldn't be created. Project is either required field or given project is archived.");
}
