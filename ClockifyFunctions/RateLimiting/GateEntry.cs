namespace ClockifyFunctions.RateLimiting;

/// <summary>The answers to an attempt to enter a gate.</summary>
internal abstract record GateEntry
{
    internal sealed record Entered(Gate Gate) : GateEntry;

    internal sealed record Held : GateEntry;

    internal sealed record Suspended(string Reason) : GateEntry;

    /// <param name="For">The time until the next call may be made.</param>
    internal sealed record Exhausted(TimeSpan For) : GateEntry;
}
