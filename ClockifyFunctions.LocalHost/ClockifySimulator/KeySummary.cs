namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <param name="Lookups">Calls that read.</param>
/// <param name="Writes">Calls that changed something, also when their answer got lost.</param>
internal sealed record KeySummary(string Key, int Calls, int Lookups, int Writes, int Responses429, int WindowsAboveLimit, int CreatedTimeEntries);
