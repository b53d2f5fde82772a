using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>The 19 members seen live.</summary>
internal static class ProjectView
{
    public static JsonObject Of(Call call, Project project) => new()
    {
        ["id"] = project.Id,
        ["name"] = project.Name,
        ["hourlyRate"] = Rate(project.HourlyRate),
        ["clientId"] = project.ClientId,
        ["workspaceId"] = call.Workspace.Id,
        ["billable"] = project.Billable,
        ["memberships"] = Memberships(project),
        ["color"] = project.Color,
        ["estimate"] = Estimate(project),
        ["archived"] = project.Archived,
        ["duration"] = "PT0S",
        ["clientName"] = call.Workspace.Clients.GetValueOrDefault(project.ClientId)?.Name ?? "",
        ["note"] = project.Note,
        ["costRate"] = Rate(project.CostRate),
        ["timeEstimate"] = TimeEstimate(project),
        ["budgetEstimate"] = null,
        ["estimateReset"] = null,
        ["template"] = false,
        ["public"] = project.IsPublic,
    };

    private static JsonObject? Rate(JsonObject? sent) =>
        sent is null ? null : new JsonObject { ["amount"] = sent["amount"]?.DeepClone(), ["currency"] = "USD" };

    private static JsonObject Estimate(Project project) => new()
    {
        ["estimate"] = project.Estimate?["estimate"]?.DeepClone() ?? "PT0S",
        ["type"] = project.Estimate?["type"]?.DeepClone() ?? "AUTO",
    };

    private static JsonObject TimeEstimate(Project project)
    {
        var view = Estimate(project);
        view["resetOption"] = null;
        view["active"] = project.Estimate is not null;
        view["includeNonBillable"] = true;
        return view;
    }

    private static JsonArray Memberships(Project project) => new([.. project.Memberships
        .OfType<JsonObject>()
        .Select(sent => new JsonObject
        {
            ["userId"] = sent["userId"]?.DeepClone(),
            ["hourlyRate"] = Rate(sent["hourlyRate"] as JsonObject),
            ["costRate"] = null,
            ["targetId"] = project.Id,
            ["membershipType"] = sent["membershipType"]?.DeepClone() ?? "PROJECT",
            ["membershipStatus"] = sent["membershipStatus"]?.DeepClone() ?? "ACTIVE",
        })]);
}
