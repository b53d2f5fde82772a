namespace ClockifyFunctions.Benchmarks.Ingesting;

/// <param name="Instances">Number of instances of the app, each with its own host.</param>
/// <param name="CpuMicroseconds">CPU time of the app processes per record.</param>
/// <param name="Missing">Number of records that are in no backlog at the end.</param>
internal sealed record IngestResult(int Records, int Instances, double RecordsPerSecond, double BareRecordsPerSecond, double CpuMicroseconds, double PeakMb, double StorageTransactionsPerRecord, int Missing)
{
    public double Ratio => RecordsPerSecond / BareRecordsPerSecond;
}
