namespace ClockifyFunctions.Benchmarks.Cost;

/// <summary>
/// List prices in US dollars, pay as you go, as of 2026-11-24. Regions, redundancy and contracts differ. Sources, by title:
/// "Map each REST operation to a price" (classes of operations) and the sample prices of "Estimate the cost of using Azure Blob Storage"
/// (hot tier, general-purpose v2), both on Microsoft Learn; the price lists of Azure Functions (Flex Consumption, on demand) and of
/// Service Bus (Standard, 13 to 100 million operations a month). Free grants and the base charge of Service Bus are excluded.
/// </summary>
internal static class Prices
{
    /// <summary>Blob writes: append block, put blob.</summary>
    public const double BlobWrite = 0.055 / 10_000;

    public const double BlobList = 0.055 / 10_000;

    public const double BlobRead = 0.0044 / 10_000;

    /// <summary>Leases and metadata. Deletes are free.</summary>
    public const double BlobOther = 0.0044 / 10_000;

    /// <summary>A message that is sent or received, or a lock that is renewed, per started 64 KB.</summary>
    public const double ServiceBusOperation = 0.80 / 1_000_000;

    /// <summary>Memory of an instance while it executes any function.</summary>
    public const double GigabyteSecond = 0.000026;

    public const double Execution = 0.40 / 1_000_000;

    /// <summary>The instance size of the deployment in infra/modules/app.bicep.</summary>
    public const double InstanceGigabytes = 0.5;

    /// <summary>Dollars for storage transactions, counted by operation.</summary>
    public static double Storage(IReadOnlyDictionary<string, long> transactions) =>
        transactions.Sum(operation => operation.Value * (operation.Key switch
        {
            "append" or "write" => BlobWrite,
            "list" => BlobList,
            "read" => BlobRead,
            "lease" or "metadata" => BlobOther,
            _ => 0,
        }));
}
