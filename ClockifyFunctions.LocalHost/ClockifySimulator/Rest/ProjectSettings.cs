using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>The calls that change the estimate and the members of a project.</summary>
internal static class ProjectSettings
{
    private static readonly Dictionary<string, MemberKind> EstimateMembers = new()
    {
        ["timeEstimate"] = MemberKind.Object,
        ["budgetEstimate"] = MemberKind.Object,
        ["estimateReset"] = MemberKind.Object,
    };

    private static readonly Dictionary<string, MemberKind> AssignMembers = new()
    {
        ["userIds"] = MemberKind.List,
        ["userGroups"] = MemberKind.Object,
        ["remove"] = MemberKind.Flag,
    };

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.MapFeature(world, "PROJECT_BUDGET", "PATCH", "/projects/{projectId}/estimate", call => Change(call, EstimateMembers, SetEstimate));
        routes.Map(world, "POST", "/projects/{projectId}/memberships", call => Change(call, AssignMembers, Assign));
    }

    private static Answer Change(Call call, IReadOnlyDictionary<string, MemberKind> members, Func<Call, Project, Body, Answer?> apply)
    {
        if (!call.MayManage)
            return Answer.AccessDenied;
        if (ProjectRoutes.Find(call) is not { } project)
            return ProjectRoutes.NotFound;

        var (body, refused) = call.ReadBody(members);
        return body is null ? refused! : apply(call, project, body) ?? call.Applied(Answer.Ok(ProjectView.Of(call, project)));
    }

    private static Answer? SetEstimate(Call call, Project project, Body body)
    {
        project.TimeEstimate = body.Object("timeEstimate") ?? project.TimeEstimate;
        project.BudgetEstimate = body.Object("budgetEstimate") ?? project.BudgetEstimate;
        return null;
    }

    /// <summary>The response to an unknown user is not documented. The simulator uses its own text.</summary>
    private static Answer? Assign(Call call, Project project, Body body)
    {
        var userIds = body.Texts("userIds") ?? [];
        if (userIds.Any(id => !call.Workspace.Members.ContainsKey(id)))
            return Answer.Invalid("User doesn't belong to Workspace");

        var others = project.Memberships.Where(member => !userIds.Contains((string?)member?["userId"])).Select(member => member?.DeepClone());
        var added = body.Flag("remove") == true ? [] : userIds.Select(id => (JsonNode)new JsonObject { ["userId"] = id });
        project.Memberships = new JsonArray([.. others, .. added]);
        return null;
    }
}
