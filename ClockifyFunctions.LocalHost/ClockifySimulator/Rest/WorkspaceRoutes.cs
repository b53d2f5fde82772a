namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Wraps an endpoint that belongs to a workspace: which one, may the caller see it, one request at a time.</summary>
internal static class WorkspaceRoutes
{
    public static void Map(
        this IEndpointRouteBuilder routes, World world, string method, string pattern, Func<Call, Answer> handle) =>
        routes.MapMethods($"/workspaces/{{workspaceId}}{pattern}", [method], context => RunAsync(context, world, handle));

    /// <summary>The same, for workspaces that have a feature. What others get is recorded nowhere; 403/501 is assumed.</summary>
    public static void MapFeature(
        this IEndpointRouteBuilder routes, World world, string feature, string method, string pattern, Func<Call, Answer> handle) =>
        routes.Map(world, method, pattern, call => call.Workspace.Flags.Features.Contains(feature) ? handle(call) : Answer.AccessDenied);

    private static async Task RunAsync(HttpContext context, World world, Func<Call, Answer> handle)
    {
        var exchange = Exchange.Of(context);
        Answer answer;
        lock (world.Gate)
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
