namespace ClockifyFunctions.Benchmarks.DeepBacklog;

/// <param name="FirstCallMs">Milliseconds from the ticket to the first call at the API.</param>
/// <param name="MemoryMb">Resident memory of the app after the drain has run for a while.</param>
/// <param name="ResumeSeconds">Seconds from kill -9 to the next call, including the lease of 15 s of the killed process.</param>
internal sealed record BacklogResult(int Waiting, double FirstCallMs, double MemoryMb, double ResumeSeconds, int Duplicates);
