namespace ClockifyFunctions.Benchmarks.Gate;

/// <summary>One row of the table. All values except the gate transactions are measured at the simulator.</summary>
/// <param name="Utilisation">Accepted calls divided by the permitted calls, from the first to the last call. The lowest value if there are several keys.</param>
/// <param name="GateTransactionsPerCall">Null if processes were killed, because their counts are lost.</param>
/// <param name="StorageTransactionsPerCall">All storage transactions, including ingest and start.</param>
/// <param name="TakeoverSecondsMax">Seconds from a kill to the next call.</param>
internal sealed record ScenarioResult(
    string Name, int Processes, double Seconds, double Utilisation, int WindowsAboveLimit, int Responses429,
    double? GateTransactionsPerCall, double? StorageTransactionsPerCall, double? TakeoverSecondsMax, int? Lost, int? Duplicates);
