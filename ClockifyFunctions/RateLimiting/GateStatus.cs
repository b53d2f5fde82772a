namespace ClockifyFunctions.RateLimiting;

/// <summary>The state of a gate.</summary>
/// <param name="Holder">Machine and process that hold the gate; null while no process does.</param>
/// <param name="Suspended">Why the credential is suspended; null if it is not.</param>
internal sealed record GateStatus(string? Holder, string? Suspended);
