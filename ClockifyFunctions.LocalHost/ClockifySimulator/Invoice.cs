namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed class Invoice(string id)
{
    public string Id { get; } = id;

    public string Number { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string Currency { get; set; } = "EUR";

    /// <summary>As it was sent.</summary>
    public string IssuedDate { get; set; } = "";

    /// <inheritdoc cref="IssuedDate"/>
    public string DueDate { get; set; } = "";

    public string Note { get; set; } = "";

    public string Subject { get; set; } = "";

    public string Status { get; set; } = "UNSENT";

    /// <summary>In hundredths of a percent, as it is answered.</summary>
    public decimal Tax { get; set; }

    /// <inheritdoc cref="Tax"/>
    public decimal Tax2 { get; set; }

    /// <inheritdoc cref="Tax"/>
    public decimal Discount { get; set; }

    public List<Item> Items { get; } = [];

    public List<Payment> Payments { get; } = [];

    /// <param name="UnitPrice">In hundredths of a minor unit.</param>
    internal sealed record Item(string Description, string ItemType, long Quantity, long UnitPrice)
    {
        public long Amount => UnitPrice * Quantity / 100;
    }

    /// <param name="Amount">In minor units.</param>
    internal sealed record Payment(string Id, long Amount, string Date, string Note);
}
