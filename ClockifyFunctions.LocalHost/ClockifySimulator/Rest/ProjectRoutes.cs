using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

internal static class ProjectRoutes
{
    private static readonly Dictionary<string, MemberKind> Members = new()
    {
        ["name"] = MemberKind.Text,
        ["clientId"] = MemberKind.Text,
        ["isPublic"] = MemberKind.Flag,
        ["billable"] = MemberKind.Flag,
        ["color"] = MemberKind.Text,
        ["note"] = MemberKind.Text,
        ["hourlyRate"] = MemberKind.Object,
        ["costRate"] = MemberKind.Object,
        ["memberships"] = MemberKind.List,
        ["tasks"] = MemberKind.List,
        ["archived"] = MemberKind.Flag,
    };

    public static Answer NotFound => Answer.Invalid("Project doesn't belong to Workspace");

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.Map(world, "GET", "/projects", List);
        routes.Map(
            world,
            "GET",
            "/projects/{projectId}",
            call => Find(call) is { } project ? Answer.Ok(ProjectView.Of(call, project)) : NotFound);
        routes.MapManaged(world, "POST", "/projects", Create);
        routes.MapManaged(world, "PUT", "/projects/{projectId}", Update);
        routes.MapManaged(world, "DELETE", "/projects/{projectId}", Delete);
        ProjectSettings.Map(routes, world);
    }

    public static Project? Find(Call call) => call.Workspace.Projects.GetValueOrDefault(call.Route("projectId"));

    private static Answer List(Call call)
    {
        IEnumerable<Project> found = call.Workspace.Projects.Values;
        if (call.Query("clients") is { Length: > 0 } clients)
            found = found.Where(p => clients.Split(',').Contains(p.ClientId));
        return NamedRoutes.List(call, found, project => ProjectView.Of(call, project));
    }

    private static Answer Create(Call call)
    {
        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (ProjectRules.Refuse(call, body, null) is { } wrong)
            return wrong;

        var project = new Project(call.World.Ids.Next())
        {
            IsPublic = body.Flag("isPublic") ?? call.Workspace.Flags.NewProjectsArePublic,
            Billable = body.Flag("billable") ?? call.Workspace.Flags.NewProjectsAreBillable,
            Memberships = body.List("memberships")
                ?? [new JsonObject { ["userId"] = call.Caller.UserId }],
        };
        Write(project, body);
        AddTasks(call, project, body.List("tasks") ?? []);
        call.Workspace.Projects.Add(project.Id, project);
        return call.Applied(Answer.Created(ProjectView.Of(call, project)), project.Id);
    }

    /// <summary>Updates the members that the request contains. The other members keep their values, except that isPublic and billable become false.</summary>
    private static Answer Update(Call call)
    {
        if (Find(call) is not { } project)
            return NotFound;

        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (ProjectRules.Refuse(call, body, project) is { } wrong)
            return wrong;

        Write(project, body);
        project.IsPublic = body.Flag("isPublic") ?? false;
        project.Billable = body.Flag("billable") ?? false;
        project.Archived = body.Flag("archived") ?? project.Archived;
        return call.Applied(Answer.Ok(ProjectView.Of(call, project)));
    }

    private static Answer Delete(Call call)
    {
        if (Find(call) is not { } project)
            return NotFound;
        if (!project.Archived)
            return Answer.Invalid("Cannot delete an active project");

        call.Workspace.Projects.Remove(project.Id);
        return call.Applied(Answer.Ok(ProjectView.Of(call, project)));
    }

    private static void Write(Project project, Body body)
    {
        project.Name = body.Text("name") ?? project.Name;
        project.ClientId = body.Text("clientId") ?? project.ClientId;
        project.Color = body.Text("color") ?? project.Color;
        project.Note = body.Text("note") ?? project.Note;
        project.HourlyRate = body.Object("hourlyRate") ?? project.HourlyRate;
        project.CostRate = body.Object("costRate") ?? project.CostRate;
    }

    private static void AddTasks(Call call, Project project, JsonArray tasks)
    {
        foreach (var name in tasks.Select(t => (t as JsonObject)?["name"]?.ToString()).OfType<string>())
        {
            var task = new ProjectTask(call.World.Ids.Next(), project.Id) { Name = name, Billable = project.Billable };
            project.Tasks.Add(task.Id, task);
        }
    }
}
