namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Takes at most n requests in any window of exactly the period; refused requests count too. Pure: one clock reading per request.</summary>
internal sealed class SlidingWindowLimiter(int permits, TimeSpan period)
{
    private readonly Queue<TimeSpan> _recent = [];

    /// <summary>Whether the request arriving at <paramref name="at"/> is within the limit; arrivals come in order.</summary>
    public bool TryTake(TimeSpan at)
    {
        while (_recent.TryPeek(out var oldest) && at - oldest >= period) _recent.Dequeue();
        _recent.Enqueue(at);
        return _recent.Count <= permits;
    }
}
