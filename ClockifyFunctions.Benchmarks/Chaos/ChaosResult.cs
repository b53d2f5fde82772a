namespace ClockifyFunctions.Benchmarks.Chaos;

/// <summary>The result of a run, according to the ledger of the simulator and the response queue.</summary>
/// <param name="Lost">Number of records without an effect at the API.</param>
/// <param name="Duplicates">Number of additional creates of a record.</param>
/// <param name="OrderViolations">Number of updates that were applied before an earlier update of the object, or after the last one. Repeating several updates in order is not a violation.</param>
/// <param name="Quarantined">Number of rejected or failed records according to their response events. A record that is lost and quarantined is counted in both numbers.</param>
/// <param name="Injected429">Number of 429 responses that the simulator injected, without those of its rate limiter.</param>
/// <param name="StorageTransactionsPerCall">Storage transactions of all app processes, sampled every second. The transactions of a killed process after the last sample are missing.</param>
/// <param name="RecoverySeconds">Seconds from a kill to the next call of each key that had work.</param>
/// <param name="EventLatencyMs">Milliseconds from the outcome to the reader of the response queue.</param>
internal sealed record ChaosResult(
    int Records, int Lost, int Duplicates, int OrderViolations, int Quarantined, int ResponseEventsMissing, int WindowsAboveLimit, int Injected429,
    int Kills, int StorageRestarts, int ConnectionDrops, int Calls, double StorageTransactionsPerCall, double ElapsedSeconds,
    Percentiles RecoverySeconds, Percentiles EventLatencyMs)
{
    public bool IsPerfect => Lost == 0 && Duplicates == 0 && OrderViolations == 0 && ResponseEventsMissing == 0 && WindowsAboveLimit == 0;
}
