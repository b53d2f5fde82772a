namespace ClockifyFunctions.Benchmarks.ColdStart;

/// <summary>One row.</summary>
/// <param name="ReadyMb">Resident memory when it is ready, before any invocation, median.</param>
/// <param name="IdleMb">Resident memory a second after the first invocation, median. Pages that processes share count in full.</param>
/// <param name="LoadedMb">Highest resident memory while 20 batches of 1,000 records of 500 B came in.</param>
/// <param name="PackageMb">Size of the zip; null where there is none.</param>
internal sealed record ColdStartResult(
    string Build, int Starts, double ReadyMsP50, double ReadyMsP90, double FirstInvocationMsP50, double FirstInvocationMsP90,
    double ReadyMb, double IdleMb, double? LoadedMb, double? PackageMb)
{
    private const double MiB = 1 << 20;

    public static ColdStartResult Of(string build, IReadOnlyList<AppProcess.Run> runs, string? package) => new(
        build, runs.Count,
        Percentile(runs.Select(run => run.Ready.TotalMilliseconds), 0.5), Percentile(runs.Select(run => run.Ready.TotalMilliseconds), 0.9),
        Percentile(runs.Select(run => run.FirstInvocation.TotalMilliseconds), 0.5), Percentile(runs.Select(run => run.FirstInvocation.TotalMilliseconds), 0.9),
        Percentile(runs.Select(run => run.ReadyBytes / MiB), 0.5), Percentile(runs.Select(run => run.IdleBytes / MiB), 0.5), runs[^1].LoadedBytes / MiB,
        package is not null && File.Exists(package) ? new FileInfo(package).Length / MiB : null);

    private static double Percentile(IEnumerable<double> values, double rank)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)Math.Ceiling(rank * sorted.Length) - 1];
    }
}
