namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed record KeySummary(string Key, int Calls, int Responses429, int WindowsAboveLimit, int CreatedTimeEntries);
