namespace ClockifyFunctions.Benchmarks.Cost;

/// <summary>What a million records cost in dollars, by what was counted while some were delivered.</summary>
/// <param name="Keys">Busy ones, each at ten calls a second, on one instance.</param>
/// <param name="Tickets">Drain tickets sent.</param>
/// <param name="Executions">Of functions, by any trigger.</param>
internal sealed record CostResult(int Keys, long Records, IReadOnlyDictionary<string, long> StorageTransactions, long Tickets, long Executions, double Seconds)
{
    private const double Million = 1_000_000;

    public double Storage => PerMillion(Prices.Storage(StorageTransactions));

    /// <summary>Each record and each response event is sent and delivered once, each ticket as well.</summary>
    public double ServiceBus => PerMillion(((4 * Records) + (2 * Tickets)) * Prices.ServiceBusOperation);

    /// <summary>The instance is busy all the time.</summary>
    public double Functions => PerMillion((Seconds * Prices.InstanceGigabytes * Prices.GigabyteSecond) + (Executions * Prices.Execution));

    private double PerMillion(double dollars) => Math.Round(dollars / Records * Million, 2);
}
