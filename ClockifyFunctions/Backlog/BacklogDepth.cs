namespace ClockifyFunctions.Backlog;

/// <summary>The number, size and age of the records that wait for a destination.</summary>
/// <param name="Records">The exact number if <paramref name="IsExact"/>, otherwise an estimate from the first records.</param>
/// <param name="Bytes">The exact number of waiting bytes.</param>
/// <param name="Oldest">The time at which the queue accepted the oldest waiting record; null if no record waits.</param>
internal sealed record BacklogDepth(long Records, bool IsExact, long Bytes, DateTimeOffset? Oldest)
{
    public static readonly BacklogDepth None = new(0, true, 0, null);
}
