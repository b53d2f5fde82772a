namespace ClockifyFunctions.Benchmarks.Hostile;

/// <param name="PeakMb">Highest resident memory of the process, the input included.</param>
/// <param name="Refused">What the app says of the input; null if it was taken.</param>
internal sealed record HostileResult(string Case, double PeakMb, double Seconds, string? Refused);
