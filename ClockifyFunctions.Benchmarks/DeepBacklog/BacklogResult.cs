namespace ClockifyFunctions.Benchmarks.DeepBacklog;

/// <param name="FirstCallMs">From the ticket to the first call at the API.</param>
/// <param name="MemoryMb">Resident memory of the app after the drain has run for a while.</param>
/// <param name="ResumeSeconds">From kill -9 to the next call; the dead process's lease of 15 s is in it.</param>
internal sealed record BacklogResult(int Waiting, double FirstCallMs, double MemoryMb, double ResumeSeconds, int Duplicates);
