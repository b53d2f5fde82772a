namespace ClockifyFunctions.Benchmarks.Hostile;

/// <param name="PeakMb">Peak resident memory of the process, including the input.</param>
/// <param name="Refused">The reason of the refusal; null if the input was accepted.</param>
internal sealed record HostileResult(string Case, double PeakMb, double Seconds, string? Refused);
