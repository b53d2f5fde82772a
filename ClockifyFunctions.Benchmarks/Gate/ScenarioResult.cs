namespace ClockifyFunctions.Benchmarks.Gate;

/// <summary>One row. Everything but the gate transactions is judged at the simulator.</summary>
/// <param name="Utilisation">Accepted calls against the permitted rate, first to last arrival; the lowest key's where there are several.</param>
/// <param name="GateTransactionsPerCall">Null where processes were killed: their counts died with them.</param>
/// <param name="StorageTransactionsPerCall">All of them, ingest and start-up included.</param>
/// <param name="TakeoverSecondsMax">From a kill to the next arrival.</param>
internal sealed record ScenarioResult(
    string Name, int Processes, double Seconds, double Utilisation, int WindowsAboveLimit, int Responses429,
    double? GateTransactionsPerCall, double? StorageTransactionsPerCall, double? TakeoverSecondsMax, int? Lost, int? Duplicates);
