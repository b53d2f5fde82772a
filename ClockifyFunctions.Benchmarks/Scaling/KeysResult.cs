using ClockifyFunctions.Benchmarks.Cost;

namespace ClockifyFunctions.Benchmarks.Scaling;

/// <summary>The result for one number of keys.</summary>
/// <param name="Processes">Number of app processes, according to the concurrency in host.json.</param>
/// <param name="UtilisationLowest">The lowest used rate of all keys, from the first to the last call. 1 is every call that the limit allows.</param>
/// <param name="TransactionsPerCall">Storage transactions per call, including ingest and start.</param>
/// <param name="Transactions">Storage transactions by operation.</param>
/// <param name="Tickets">Number of tickets sent.</param>
/// <param name="AppCores">CPU time of the app divided by the elapsed time.</param>
/// <param name="RestCores">CPU time of simulator, emulator and host, which share a process, divided by the elapsed time.</param>
/// <param name="MemoryMb">Resident memory of the app at the end.</param>
/// <param name="Unfinished">Number of records that had not arrived at the end.</param>
/// <param name="Steady">The part of the run without its start and end.</param>
internal sealed record KeysResult(
    int Keys, int Processes, int Calls, double UtilisationMedian, double UtilisationLowest, double TransactionsPerCall, IReadOnlyDictionary<string, long> Transactions, double GateTransactionsPerCall, long Tickets,
    double Seconds, double AppCores, double StorageCores, double RestCores, double MemoryMb, int Unfinished, int Duplicates, int Responses429, KeysSpan Steady)
{
    public double CpuMillisecondsPerCall => AppCores * Seconds * 1000 / Calls;

    /// <summary>Dollars for storage transactions, per million calls.</summary>
    public double StorageDollars => Math.Round(Prices.Storage(Transactions) / Calls * 1_000_000, 2);
}

/// <summary>The calls in a span of time, and the resources used in it.</summary>
/// <param name="Transactions">Storage transactions by operation.</param>
/// <param name="Tickets">Number of tickets sent.</param>
/// <param name="Executions">Number of function executions of all triggers.</param>
internal sealed record KeysSpan(int Calls, IReadOnlyDictionary<string, long> Transactions, long Tickets, long Executions, double Seconds);
