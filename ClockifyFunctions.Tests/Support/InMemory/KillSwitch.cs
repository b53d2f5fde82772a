namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>Simulates the kill of an instance of the app. Afterwards, none of its requests is answered and none of its timers fires.</summary>
internal sealed class KillSwitch
{
    private static readonly Task Never = new TaskCompletionSource().Task;
    private volatile bool _isKilled;

    public bool IsKilled => _isKilled;

    public void Kill() => _isKilled = true;

    /// <summary>Returns a completed task while the instance runs, and a task that never completes after a kill.</summary>
    public Task WhileRunningAsync() => _isKilled ? Never : Task.CompletedTask;

    /// <summary>Awaits the answer to a call of the instance. It never completes if the instance has been killed meanwhile.</summary>
    public async Task<T> AnswerAsync<T>(Task<T> answer, CancellationToken cancel)
    {
        try
        {
            return await answer.WaitAsync(cancel);
        }
        finally
        {
            await WhileRunningAsync();
        }
    }

    /// <summary>The clock that the instance uses.</summary>
    public TimeProvider Clock(TimeProvider clock) => new InstanceClock(clock, this);

    private sealed class InstanceClock(TimeProvider clock, KillSwitch killSwitch) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(
                passed =>
                {
                    if (!killSwitch.IsKilled) callback(passed);
                },
                state, dueTime, period);
    }
}
