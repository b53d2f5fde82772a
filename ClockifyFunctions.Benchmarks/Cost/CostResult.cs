namespace ClockifyFunctions.Benchmarks.Cost;

/// <summary>The cost of a million records in dollars, extrapolated from a shorter run.</summary>
/// <param name="Keys">Number of busy keys, each with ten calls per second, on one instance.</param>
/// <param name="Tickets">Number of tickets sent.</param>
/// <param name="Executions">Number of function executions of all triggers.</param>
internal sealed record CostResult(int Keys, long Records, IReadOnlyDictionary<string, long> StorageTransactions, long Tickets, long Executions, double Seconds)
{
    private const double Million = 1_000_000;

    public double Storage => PerMillion(Prices.Storage(StorageTransactions));

    /// <summary>Each record, response event and ticket is sent once and received once.</summary>
    public double ServiceBus => PerMillion(((4 * Records) + (2 * Tickets)) * Prices.ServiceBusOperation);

    /// <summary>The instance is busy during the whole run.</summary>
    public double Functions => PerMillion((Seconds * Prices.InstanceGigabytes * Prices.GigabyteSecond) + (Executions * Prices.Execution));

    private double PerMillion(double dollars) => Math.Round(dollars / Records * Million, 2);
}
