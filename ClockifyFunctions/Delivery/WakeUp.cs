namespace ClockifyFunctions.Delivery;

/// <summary>A call to look again that is kept until somebody waits for it.</summary>
internal sealed class WakeUp
{
    private TaskCompletionSource _called = New();

    public void Call() => Volatile.Read(ref _called).TrySetResult();

    /// <summary>True when called, now or since the last wait; false when so much time has passed or <paramref name="stop"/> fired.</summary>
    public async Task<bool> WaitAsync(TimeSpan most, TimeProvider time, CancellationToken stop)
    {
        await Task.WhenAny(_called.Task, Task.Delay(most, time, stop));
        if (!_called.Task.IsCompleted) return false;
        Volatile.Write(ref _called, New());
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
