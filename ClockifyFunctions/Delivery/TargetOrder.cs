namespace ClockifyFunctions.Delivery;

/// <summary>
/// Calls to one target keep the order in which their records were begun: each waits for the one before it. All destinations of a drain share
/// this object, so that an update does not overtake a delete of the same URL that another destination began before.
/// </summary>
internal sealed class TargetOrder
{
    private readonly Dictionary<ulong, Place> _last = [];
    private readonly Lock _lock = new();

    /// <summary>Takes the next place in the line of a target. Dispose it when the next one may begin.</summary>
    /// <param name="target">Null: the call has no target, and waits for nothing.</param>
    public Place Enter(ulong? target)
    {
        lock (_lock)
        {
            var place = new Place(this, target, target is { } its ? _last.GetValueOrDefault(its)?.Ended : null);
            if (target is { } key) _last[key] = place;
            return place;
        }
    }

    private void Leave(ulong target, Place place)
    {
        lock (_lock)
            if (_last.GetValueOrDefault(target) == place) _last.Remove(target);
    }

    internal sealed class Place(TargetOrder order, ulong? target, Task? before) : IDisposable
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _end.Task;

        /// <summary>Ends when the record before this one is finished, postponed, or left to another drain.</summary>
        public Task Before { get; } = before ?? Task.CompletedTask;

        public void Dispose()
        {
            if (target is { } its) order.Leave(its, this);
            _end.TrySetResult();
        }
    }
}
