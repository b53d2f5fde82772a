using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>The 19 members of a response of the real service.</summary>
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
        ["estimate"] = Estimate(project.TimeEstimate),
        ["archived"] = project.Archived,
        ["duration"] = "PT0S",
        ["clientName"] = call.Workspace.Clients.GetValueOrDefault(project.ClientId)?.Name ?? "",
        ["note"] = project.Note,
        ["costRate"] = Rate(project.CostRate),
        ["timeEstimate"] = TimeEstimate(project),
        ["budgetEstimate"] = project.BudgetEstimate?.DeepClone(),
        ["estimateReset"] = null,
        ["template"] = false,
        ["public"] = project.IsPublic,
    };

    private static JsonObject? Rate(JsonObject? sent) =>
        sent is null ? null : new JsonObject { ["amount"] = sent["amount"]?.DeepClone(), ["currency"] = "USD" };

    private static JsonObject Estimate(JsonObject? set) => new()
    {
        ["estimate"] = set?["estimate"]?.DeepClone() ?? "PT0S",
        ["type"] = set?["type"]?.DeepClone() ?? "AUTO",
    };

    private static JsonObject TimeEstimate(Project project)
    {
        var view = Estimate(project.TimeEstimate);
        view["resetOption"] = project.TimeEstimate?["resetOption"]?.DeepClone();
        view["active"] = project.TimeEstimate?["active"]?.DeepClone() ?? false;
        view["includeNonBillable"] = project.TimeEstimate?["includeNonBillable"]?.DeepClone() ?? true;
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
