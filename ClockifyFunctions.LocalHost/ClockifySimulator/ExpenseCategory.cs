namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>With a price, an expense of it gives a quantity in place of an amount.</summary>
internal sealed record ExpenseCategory(string Id, string Name)
{
    public int? PriceInCents { get; init; }

    public string Unit { get; init; } = "";
}
