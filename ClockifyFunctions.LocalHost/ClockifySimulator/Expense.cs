namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed class Expense(string id)
{
    public string Id { get; } = id;

    public string UserId { get; set; } = "";

    public string ProjectId { get; set; } = "";

    public string? TaskId { get; set; }

    public string CategoryId { get; set; } = "";

    /// <summary>As it was sent.</summary>
    public string Date { get; set; } = "";

    /// <summary>In major units, or a quantity.</summary>
    public decimal Amount { get; set; }

    public string Notes { get; set; } = "";

    public bool Billable { get; set; }

    public string? FileName { get; set; }
}
