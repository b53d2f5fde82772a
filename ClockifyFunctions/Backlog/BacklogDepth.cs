namespace ClockifyFunctions.Backlog;

/// <summary>How much waits for a destination.</summary>
/// <param name="Records">Counted where <paramref name="IsExact"/>; else estimated from the first of them.</param>
/// <param name="Bytes">Exact.</param>
/// <param name="Oldest">When the queue took the first of them; null if nothing waits.</param>
internal sealed record BacklogDepth(long Records, bool IsExact, long Bytes, DateTimeOffset? Oldest)
{
    public static readonly BacklogDepth None = new(0, true, 0, null);
}
