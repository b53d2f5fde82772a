namespace ClockifyFunctions.Benchmarks.Cost;

/// <summary>
/// List prices in US dollars, pay as you go, written down on 2026-11-24; regions, redundancy and contracts differ. Sources, by their
/// titles: "Map each REST operation to a price" (which operation is of which class) and the sample prices of "Estimate the cost of using
/// Azure Blob Storage" (hot tier, general-purpose v2), both on Microsoft Learn; the price lists of Azure Functions (Flex Consumption, on
/// demand) and of Service Bus (Standard, 13 to 100 million operations a month). Free grants and the base charge of Service Bus are left out.
/// </summary>
internal static class Prices
{
    /// <summary>Blob writes: append block, put blob.</summary>
    public const double BlobWrite = 0.055 / 10_000;

    public const double BlobList = 0.055 / 10_000;

    public const double BlobRead = 0.0044 / 10_000;

    /// <summary>Leases and metadata. Deletes cost nothing.</summary>
    public const double BlobOther = 0.0044 / 10_000;

    /// <summary>A message sent or delivered, or a lock renewed, for each 64 KB begun.</summary>
    public const double ServiceBusOperation = 0.80 / 1_000_000;

    /// <summary>Memory of an instance while it executes anything at all.</summary>
    public const double GigabyteSecond = 0.000026;

    public const double Execution = 0.40 / 1_000_000;

    /// <summary>As infra/modules/app.bicep deploys it.</summary>
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
