namespace ClockifyFunctions.Benchmarks.ColdStart;

/// <summary>The measured starts of one build.</summary>
/// <param name="FirstAnswerMsP50">Median time from the start of the process to the first answered invocation.</param>
/// <param name="IdleMb">Median resident memory when idle. Shared pages count fully.</param>
/// <param name="FolderMb">Size of the published folder.</param>
internal sealed record ColdStartResult(string Build, int Starts, double FirstAnswerMsP50, double FirstAnswerMsP90, double IdleMb, double FolderMb)
{
    private const double MiB = 1 << 20;

    public static ColdStartResult Of(string build, IReadOnlyList<WorkerStart> starts, string folder) => new(
        build, starts.Count,
        Percentile(starts.Select(start => start.FirstAnswer.TotalMilliseconds), 0.5), Percentile(starts.Select(start => start.FirstAnswer.TotalMilliseconds), 0.9),
        Percentile(starts.Select(start => start.IdleBytes / MiB), 0.5),
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / MiB);

    private static double Percentile(IEnumerable<double> values, double rank)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)Math.Ceiling(rank * sorted.Length) - 1];
    }
}
