namespace ClockifyFunctions.Benchmarks.Ingesting;

/// <param name="Instances">Of the app, each behind a host of its own.</param>
/// <param name="CpuMicroseconds">Of the app's processes, per record.</param>
/// <param name="Missing">Records that are in no backlog at the end.</param>
internal sealed record IngestResult(int Records, int Instances, double RecordsPerSecond, double BareRecordsPerSecond, double CpuMicroseconds, double PeakMb, double StorageTransactionsPerRecord, int Missing)
{
    public double Ratio => RecordsPerSecond / BareRecordsPerSecond;
}
