namespace ClockifyFunctions.Benchmarks.Reporting;

/// <summary>The result of a benchmark.</summary>
/// <param name="Rows">The rows of the table for people.</param>
/// <param name="Figures">All measured values, for programs.</param>
/// <param name="Failed">Whether a guarantee was violated, for example by lost records. A missed aim is not a failure.</param>
internal sealed record BenchReport(string Bench, IReadOnlyList<BenchRow> Rows, object Figures, bool Failed = false);
