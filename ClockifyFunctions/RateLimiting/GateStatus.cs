namespace ClockifyFunctions.RateLimiting;

/// <summary>A gate as others see it.</summary>
/// <param name="Holder">Machine and process; null while nobody sends.</param>
/// <param name="Suspended">Why the API refuses the key; null if it does not.</param>
internal sealed record GateStatus(string? Holder, string? Suspended);
