namespace ClockifyFunctions.Benchmarks.Ingesting;

/// <param name="CpuMicroseconds">Of the app's process, per record.</param>
/// <param name="Missing">Records that are in no backlog at the end.</param>
internal sealed record IngestResult(int Records, double RecordsPerSecond, double BareRecordsPerSecond, double CpuMicroseconds, double PeakMb, double StorageTransactionsPerRecord, int Missing)
{
    public double Ratio => RecordsPerSecond / BareRecordsPerSecond;
}
