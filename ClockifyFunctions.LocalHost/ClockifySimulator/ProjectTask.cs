namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed class ProjectTask(string id, string projectId) : INamed
{
    public string Id { get; } = id;

    public string ProjectId { get; } = projectId;

    public string Name { get; set; } = "";

    public string Status { get; set; } = "ACTIVE";

    public IReadOnlyList<string> AssigneeIds { get; set; } = [];

    public IReadOnlyList<string> UserGroupIds { get; set; } = [];

    public string Estimate { get; set; } = "PT0S";

    public long BudgetEstimate { get; set; }

    public bool Billable { get; set; }

    bool INamed.Archived => Status == "DONE";
}
