using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>The workspaces of the caller. Wraps endpoints that belong to a workspace: which one, may the caller see it, one request at a time.</summary>
internal static class WorkspaceRoutes
{
    /// <summary>The list ignores page and page-size.</summary>
    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.MapGet("/workspaces", context =>
        {
            var exchange = Exchange.Of(context);
            return Answer.Ok(List(exchange.Caller, world, [.. context.Request.Query["roles"].OfType<string>()])).SendAsync(context, exchange.Call, exchange.Fault);
        });
        routes.Map(world, "GET", "", call => Answer.Ok(WorkspaceView.Of(call.Workspace)));
    }

    public static void Map(
        this IEndpointRouteBuilder routes, World world, string method, string pattern, Func<Call, Answer> handle) =>
        routes.MapMethods($"/workspaces/{{workspaceId}}{pattern}", [method], context => RunAsync(context, world, handle));

    /// <summary>The same, for workspaces that have a feature. The response in other workspaces is not documented. The simulator assumes 403 with code 501.</summary>
    public static void MapFeature(
        this IEndpointRouteBuilder routes, World world, string feature, string method, string pattern, Func<Call, Answer> handle) =>
        routes.Map(world, method, pattern, call => call.Workspace.Flags.Features.Contains(feature) ? handle(call) : Answer.AccessDenied);

    /// <summary>Owners are not counted as admins by the filter.</summary>
    private static JsonArray List(SimulatedKey caller, World world, string[] roles)
    {
        if (roles.Length > 0 && !roles.Contains(caller.Role switch { Role.Owner => "OWNER", Role.Admin => "WORKSPACE_ADMIN", _ => "" }))
            return [];

        lock (world.Lock)
            return new JsonArray([.. world.WorkspacesOf(caller.UserId).Where(workspace => caller.WorkspaceIds.Contains(workspace.Id)).Select(WorkspaceView.Of)]);
    }

    private static async Task RunAsync(HttpContext context, World world, Func<Call, Answer> handle)
    {
        var exchange = Exchange.Of(context);
        Answer answer;
        lock (world.Lock)
            answer = Decide(context, exchange, world, handle);
        await answer.SendAsync(context, exchange.Call, exchange.Fault);
    }

    private static Answer Decide(HttpContext context, Exchange exchange, World world, Func<Call, Answer> handle)
    {
        var id = (string)context.Request.RouteValues["workspaceId"]!;
        if (world.Find(id) is not { } workspace)
            return ObjectIds.IsWellFormed(id) ? Answer.Empty404 : Answer.AccessDenied;

        return workspace.Members.ContainsKey(exchange.Caller.UserId)
            && exchange.Caller.WorkspaceIds.Contains(id)
                ? handle(new Call(context, exchange, world, workspace))
                : Answer.AccessDenied;
    }
}
