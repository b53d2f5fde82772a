namespace ClockifyFunctions.Benchmarks.Reporting;

/// <summary>What a benchmark came to.</summary>
/// <param name="Rows">For people.</param>
/// <param name="Figures">For programs: everything that was measured.</param>
/// <param name="Failed">What must not happen did: records lost, for example. A missed aim is no failure.</param>
internal sealed record BenchReport(string Bench, IReadOnlyList<BenchRow> Rows, object Figures, bool Failed = false);
