namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>Whether an instance of the app still runs. Whatever a killed instance asks of the outside is never answered, and its timers never fire.</summary>
internal sealed class Lifeline
{
    private static readonly Task Never = new TaskCompletionSource().Task;
    private volatile bool _isCut;

    public bool IsCut => _isCut;

    public void Cut() => _isCut = true;

    /// <summary>Completed while the instance runs; afterwards a task that never completes.</summary>
    public Task WhileAliveAsync() => _isCut ? Never : Task.CompletedTask;

    /// <summary>The answer to a call of the instance; it never comes when the instance has been killed meanwhile.</summary>
    public async Task<T> AnswerAsync<T>(Task<T> answer, CancellationToken cancel)
    {
        try
        {
            return await answer.WaitAsync(cancel);
        }
        finally
        {
            await WhileAliveAsync();
        }
    }

    /// <summary>The clock as the instance sees it.</summary>
    public TimeProvider Clock(TimeProvider clock) => new InstanceClock(clock, this);

    private sealed class InstanceClock(TimeProvider clock, Lifeline life) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(
                passed =>
                {
                    if (!life.IsCut) callback(passed);
                },
                state, dueTime, period);
    }
}
