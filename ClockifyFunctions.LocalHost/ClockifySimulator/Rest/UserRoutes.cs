using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

internal static class UserRoutes
{
    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.MapGet("/user", context => SendAsync(context, caller => User(caller)));
        routes.MapGet("/workspaces", context => SendAsync(context, caller => Workspaces(caller, world, [.. context.Request.Query["roles"].OfType<string>()])));
    }

    private static Task SendAsync(HttpContext context, Func<SimulatedKey, JsonNode> show)
    {
        var exchange = Exchange.Of(context);
        return Answer.Ok(show(exchange.Caller)).SendAsync(context, exchange.Call, exchange.Fault);
    }

    private static JsonObject User(SimulatedKey caller)
    {
        var first = caller.WorkspaceIds.Count > 0 ? caller.WorkspaceIds[0] : "";
        return new JsonObject
        {
            ["id"] = caller.UserId,
            ["email"] = caller.Email,
            ["name"] = caller.Name,
            ["memberships"] = new JsonArray(),
            ["profilePicture"] = "",
            ["activeWorkspace"] = first,
            ["defaultWorkspace"] = first,
            ["settings"] = new JsonObject { ["weekStart"] = "MONDAY", ["timeZone"] = "Etc/UTC" },
            ["status"] = "ACTIVE",
            ["customFields"] = new JsonArray(),
        };
    }

    /// <summary>Owners are not counted as admins by the filter.</summary>
    private static JsonArray Workspaces(SimulatedKey caller, World world, string[] roles)
    {
        if (roles.Length > 0 && !roles.Contains(caller.Role switch { Role.Owner => "OWNER", Role.Admin => "WORKSPACE_ADMIN", _ => "" }))
            return [];

        lock (world.Gate)
        {
            return new JsonArray([.. world.WorkspacesOf(caller.UserId)
                .Where(w => caller.WorkspaceIds.Contains(w.Id))
                .Select(w => new JsonObject
                {
                    ["id"] = w.Id,
                    ["name"] = w.Name,
                    ["imageUrl"] = "",
                    ["memberships"] = new JsonArray(),
                    ["features"] = NamedRoutes.Array(w.Flags.Features),
                    ["workspaceSettings"] = new JsonObject
                    {
                        ["forceProjects"] = w.Flags.ForceProjects,
                        ["trackTimeDownToSecond"] = w.Flags.TrackTimeDownToSecond,
                    },
                })]);
        }
    }
}
