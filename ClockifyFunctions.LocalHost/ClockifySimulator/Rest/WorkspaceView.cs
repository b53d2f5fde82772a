using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

internal static class WorkspaceView
{
    public static JsonObject Of(Workspace workspace) => new()
    {
        ["id"] = workspace.Id,
        ["name"] = workspace.Name,
        ["imageUrl"] = "",
        ["memberships"] = new JsonArray(),
        ["features"] = NamedRoutes.Array(workspace.Flags.Features),
        ["currencies"] = new JsonArray(new JsonObject { ["id"] = Seed.CurrencyId, ["code"] = "USD", ["isDefault"] = true }),
        ["workspaceSettings"] = new JsonObject
        {
            ["forceProjects"] = workspace.Flags.ForceProjects,
            ["trackTimeDownToSecond"] = workspace.Flags.TrackTimeDownToSecond,
        },
    };
}
