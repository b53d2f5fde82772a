namespace ClockifyFunctions.Delivery;

/// <summary>
/// Keeps the calls to one target in the order in which their records were begun: each call waits for the previous one. All destinations of a drain
/// share this object. For example, an update does not overtake a delete of the same URL that another destination began earlier.
/// </summary>
internal sealed class TargetOrder
{
    private readonly Dictionary<ulong, Turn> _last = [];
    private readonly Lock _lock = new();

    /// <summary>Takes the next turn in the queue of a target. Dispose the turn to let the next call begin.</summary>
    /// <param name="target">Null if the call has no target. Such a call waits for no other call.</param>
    public Turn Enter(ulong? target)
    {
        lock (_lock)
        {
            var turn = new Turn(this, target, target is { } its ? _last.GetValueOrDefault(its)?.Ended : null);
            if (target is { } key) _last[key] = turn;
            return turn;
        }
    }

    private void Leave(ulong target, Turn turn)
    {
        lock (_lock)
            if (_last.GetValueOrDefault(target) == turn) _last.Remove(target);
    }

    internal sealed class Turn(TargetOrder order, ulong? target, Task? before) : IDisposable
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _end.Task;

        /// <summary>Completes when the previous record is finished, postponed, or left for another drain.</summary>
        public Task Before { get; } = before ?? Task.CompletedTask;

        public void Dispose()
        {
            if (target is { } its) order.Leave(its, this);
            _end.TrySetResult();
        }
    }
}
