using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed class Project(string id) : INamed
{
    public string Id { get; } = id;

    public string Name { get; set; } = "";

    public bool Archived { get; set; }

    public string ClientId { get; set; } = "";

    public bool IsPublic { get; set; }

    public bool Billable { get; set; }

    public string Color { get; set; } = "#03A9F4";

    public string Note { get; set; } = "";

    public JsonObject? HourlyRate { get; set; }

    public JsonObject? CostRate { get; set; }

    public JsonObject? TimeEstimate { get; set; }

    public JsonObject? BudgetEstimate { get; set; }

    public JsonArray Memberships { get; set; } = [];

    public Dictionary<string, ProjectTask> Tasks { get; } = new(StringComparer.Ordinal);
}
