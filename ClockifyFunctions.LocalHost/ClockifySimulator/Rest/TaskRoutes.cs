using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

internal static class TaskRoutes
{
    private const string All = "/projects/{projectId}/tasks";
    private const string One = "/projects/{projectId}/tasks/{taskId}";

    private static readonly Dictionary<string, MemberKind> Members = new()
    {
        ["name"] = MemberKind.Text,
        ["assigneeIds"] = MemberKind.List,
        ["userGroupIds"] = MemberKind.List,
        ["estimate"] = MemberKind.Text,
        ["budgetEstimate"] = MemberKind.Number,
        ["status"] = MemberKind.Text,
        ["billable"] = MemberKind.Flag,
    };

    private static Answer NotFound => Answer.Invalid("Task doesn't belong to Project");

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.Map(world, "GET", All, call => InProject(call, project => List(call, project)));
        routes.Map(world, "GET", One, call => OnTask(call, (_, task) => Answer.Ok(View(task))));
        routes.MapManaged(world, "POST", All, call => InProject(call, project => Create(call, project)));
        routes.MapManaged(world, "PUT", One, call => OnTask(call, (project, task) => Update(call, project, task)));
        routes.MapManaged(world, "DELETE", One, call => OnTask(call, (project, task) => Delete(call, project, task)));
    }

    private static Answer InProject(Call call, Func<Project, Answer> handle) =>
        ProjectRoutes.Find(call) is { } project ? handle(project) : ProjectRoutes.NotFound;

    private static Answer OnTask(Call call, Func<Project, ProjectTask, Answer> handle) => InProject(
        call,
        project => project.Tasks.TryGetValue(call.Route("taskId"), out var task) ? handle(project, task) : NotFound);

    private static Answer List(Call call, Project project)
    {
        IEnumerable<ProjectTask> found = project.Tasks.Values;
        if (call.Query("is-active") is { Length: > 0 })
            found = found.Where(t => t.Status == "ACTIVE" == call.QueryFlag("is-active"));
        return NamedRoutes.List(call, found, View);
    }

    private static Answer Create(Call call, Project project)
    {
        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (Refuse(project, body, null) is { } wrong)
            return wrong;

        // A billable member is ignored here; that the project's is inherited is assumed.
        var task = new ProjectTask(call.World.Ids.Next(), project.Id) { Billable = project.Billable };
        Write(task, body);
        project.Tasks.Add(task.Id, task);
        return call.Applied(Answer.Created(View(task)), task.Id);
    }

    private static Answer Update(Call call, Project project, ProjectTask task)
    {
        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (Refuse(project, body, task) is { } wrong)
            return wrong;

        Write(task, body);
        task.Billable = body.Flag("billable") ?? false;
        return call.Applied(Answer.Ok(View(task)));
    }

    private static Answer Delete(Call call, Project project, ProjectTask task)
    {
        if (task.Status == "ACTIVE")
            return Answer.Invalid("Cannot delete an active task");

        project.Tasks.Remove(task.Id);
        return call.Applied(Answer.Ok(View(task)));
    }

    private static Answer? Refuse(Project project, Body body, ProjectTask? task)
    {
        if (body.Text("name") is not { Length: >= 1 and <= 1000 } name)
            return Answer.Invalid("Task name has to be between 1 and 1000 characters");
        if (body.Text("status") is not (null or "ACTIVE" or "DONE" or "ALL"))
            return Answer.Error(400, 3002, "JSON parse error: Cannot deserialize value of field `status`");
        return NamedRoutes.IsTaken(project.Tasks.Values, name, task)
            ? Answer.Invalid($"Task with name '{name}' already exists")
            : null;
    }

    private static void Write(ProjectTask task, Body body)
    {
        task.Name = body.Text("name")!;
        task.Status = body.Text("status") ?? "ACTIVE";
        task.AssigneeIds = body.Texts("assigneeIds") ?? [];
        task.UserGroupIds = body.Texts("userGroupIds") ?? [];
        task.Estimate = body.Text("estimate") ?? "PT0S";
        task.BudgetEstimate = body.Number("budgetEstimate") ?? 0;
    }

    private static JsonObject View(ProjectTask task) => new()
    {
        ["id"] = task.Id,
        ["name"] = task.Name,
        ["projectId"] = task.ProjectId,
        ["assigneeId"] = task.AssigneeIds.Count > 0 ? task.AssigneeIds[0] : "",
        ["assigneeIds"] = NamedRoutes.Array(task.AssigneeIds),
        ["userGroupIds"] = NamedRoutes.Array(task.UserGroupIds),
        ["estimate"] = task.Estimate,
        ["status"] = task.Status,
        ["budgetEstimate"] = task.BudgetEstimate,
        ["billable"] = task.Billable,
        ["hourlyRate"] = null,
        ["costRate"] = null,
        ["duration"] = "PT0S",
    };
}
