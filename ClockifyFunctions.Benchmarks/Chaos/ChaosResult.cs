namespace ClockifyFunctions.Benchmarks.Chaos;

/// <summary>Judged by the simulator's ledger and the response queue.</summary>
/// <param name="Lost">Records whose effect never came about.</param>
/// <param name="Duplicates">Creates beyond the first of a record.</param>
/// <param name="OrderViolations">Updates of an object that were applied before an earlier one, or after the last one. Repeating a run of them in order is none.</param>
/// <param name="Quarantined">Refused or given up, by their response events; a record that is lost and quarantined is counted as both.</param>
/// <param name="Injected429">The simulator's faults, as against its limiter.</param>
/// <param name="StorageTransactionsPerCall">By all app processes, sampled every second: what a killed one spent since is missing.</param>
/// <param name="RecoverySeconds">From a kill to the next call of each key that had work.</param>
/// <param name="EventLatencyMs">From the outcome to the reader of the response queue.</param>
internal sealed record ChaosResult(
    int Records, int Lost, int Duplicates, int OrderViolations, int Quarantined, int ResponseEventsMissing, int WindowsAboveLimit, int Injected429,
    int Kills, int StorageRestarts, int ConnectionDrops, int Calls, double StorageTransactionsPerCall, double ElapsedSeconds,
    Percentiles RecoverySeconds, Percentiles EventLatencyMs)
{
    public bool IsPerfect => Lost == 0 && Duplicates == 0 && OrderViolations == 0 && ResponseEventsMissing == 0 && WindowsAboveLimit == 0;
}
