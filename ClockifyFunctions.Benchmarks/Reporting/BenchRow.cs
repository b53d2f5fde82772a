namespace ClockifyFunctions.Benchmarks.Reporting;

/// <summary>One line of a report, as people read it.</summary>
/// <param name="Baseline">What it is measured against; empty where nothing is.</param>
/// <param name="Ratio">Measured by baseline.</param>
/// <param name="Aim">What was wished for, and whether it is met.</param>
internal sealed record BenchRow(string Case, string Measured, string Baseline = "", string Ratio = "", string Aim = "")
{
    /// <summary>An aim with its verdict.</summary>
    public static string Judge(string aim, bool isMet) => $"{aim}: {(isMet ? "met" : "not met")}";
}
