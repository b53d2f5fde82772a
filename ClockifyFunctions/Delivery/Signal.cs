namespace ClockifyFunctions.Delivery;

/// <summary>Wakes the drain, which is the only waiter. A signal is kept until the next wait.</summary>
internal sealed class Signal(TimeProvider time)
{
    private TaskCompletionSource _set = New();

    public void Set() => Volatile.Read(ref _set).TrySetResult();

    /// <summary>Waits for a signal, for at most <paramref name="most"/>, or until <paramref name="stop"/> fires.</summary>
    /// <returns>Whether a signal was set.</returns>
    public async Task<bool> WaitAsync(TimeSpan most, CancellationToken stop)
    {
        await _set.Task.WaitAsync(most, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_set.Task.IsCompleted) return false;
        Volatile.Write(ref _set, New());
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
