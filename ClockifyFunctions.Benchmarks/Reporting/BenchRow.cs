namespace ClockifyFunctions.Benchmarks.Reporting;

/// <summary>One row of the table for people.</summary>
/// <param name="Baseline">The baseline; empty if there is none.</param>
/// <param name="Ratio">The measured value divided by the baseline.</param>
/// <param name="Aim">The aim, and whether it is met.</param>
internal sealed record BenchRow(string Case, string Measured, string Baseline = "", string Ratio = "", string Aim = "")
{
    /// <summary>The text of an aim with its result.</summary>
    public static string Judge(string aim, bool isMet) => $"{aim}: {(isMet ? "met" : "not met")}";
}
