using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Timers;

/// <summary>Runs a function at the times of its schedule (UTC), one run at a time.</summary>
internal sealed class TimerListener(TimerTriggerConfig trigger, FunctionInvoker invoker, TimeProvider time)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            if (trigger.RunOnStartup) await RunOnceAsync();
            while (Next(trigger, time.GetUtcNow()) is { } next)
            {
                await WaitUntilAsync(next, stopping);
                await RunOnceAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    public Task<InvocationResult> RunOnceAsync() =>
        invoker.InvokeAsync(stamp => InvocationBody.Timer(trigger.Binding, stamp));

    internal static DateTimeOffset? Next(TimerTriggerConfig trigger, DateTimeOffset after) =>
        trigger.Schedule.GetNextOccurrence(after, TimeZoneInfo.Utc);

    private async Task WaitUntilAsync(DateTimeOffset next, CancellationToken stopping)
    {
        // A timer cannot wait longer than 49 days, and one that fires a little early must not run the same slot twice.
        while (next - time.GetUtcNow() is { Ticks: > 0 } wait)
            await Task.Delay(wait < TimeSpan.FromDays(1) ? wait : TimeSpan.FromDays(1), time, stopping);
    }
}
