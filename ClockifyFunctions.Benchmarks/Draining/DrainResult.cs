namespace ClockifyFunctions.Benchmarks.Draining;

/// <summary>One case: the app compared with the bare loop.</summary>
/// <param name="CpuMicroseconds">CPU time of the process per call.</param>
internal sealed record DrainResult(
    string Case, int Calls, double CallsPerSecond, double CpuMicroseconds, double BareCallsPerSecond, double BareCpuMicroseconds, double StorageTransactionsPerCall, int Lost, int Duplicates)
{
    public double RateRatio => CallsPerSecond / BareCallsPerSecond;

    public double CpuRatio => CpuMicroseconds / BareCpuMicroseconds;
}
