namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed class Client(string id) : INamed
{
    public string Id { get; } = id;

    public string Name { get; set; } = "";

    public bool Archived { get; set; }

    public string? Email { get; set; }

    public string? Address { get; set; }

    public string? Note { get; set; }

    public IReadOnlyList<string>? CcEmails { get; set; }

    public string CurrencyId { get; set; } = Seed.CurrencyId;
}
