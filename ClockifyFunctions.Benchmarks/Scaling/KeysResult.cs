using ClockifyFunctions.Benchmarks.Cost;

namespace ClockifyFunctions.Benchmarks.Scaling;

/// <summary>One number of keys.</summary>
/// <param name="Processes">Of the app: as many as the concurrency in host.json asks for.</param>
/// <param name="UtilisationLowest">Of all keys, first to last arrival; 1 is every call that the limit permits.</param>
/// <param name="TransactionsPerCall">Storage, ingest and start-up included.</param>
/// <param name="Transactions">The same by operation.</param>
/// <param name="Tickets">Drain tickets sent.</param>
/// <param name="AppCores">Processor time of the app by time.</param>
/// <param name="RestCores">Of simulator, emulator and host, which share a process.</param>
/// <param name="MemoryMb">Resident memory of the app at the end.</param>
/// <param name="Unfinished">Records that had not arrived when the time was up.</param>
/// <param name="Steady">The part of the run that a long one consists of.</param>
internal sealed record KeysResult(
    int Keys, int Processes, int Calls, double UtilisationMedian, double UtilisationLowest, double TransactionsPerCall, IReadOnlyDictionary<string, long> Transactions, double GateTransactionsPerCall, long Tickets,
    double Seconds, double AppCores, double StorageCores, double RestCores, double MemoryMb, int Unfinished, int Duplicates, int Responses429, KeysSpan Steady)
{
    public double CpuMillisecondsPerCall => AppCores * Seconds * 1000 / Calls;

    /// <summary>For storage transactions, per million calls.</summary>
    public double StorageDollars => Math.Round(Prices.Storage(Transactions) / Calls * 1_000_000, 2);
}

/// <summary>Calls made in a span of time, and what was used meanwhile.</summary>
/// <param name="Transactions">Of storage, by operation.</param>
/// <param name="Tickets">Drain tickets sent.</param>
/// <param name="Executions">Of functions, by any trigger.</param>
internal sealed record KeysSpan(int Calls, IReadOnlyDictionary<string, long> Transactions, long Tickets, long Executions, double Seconds);
