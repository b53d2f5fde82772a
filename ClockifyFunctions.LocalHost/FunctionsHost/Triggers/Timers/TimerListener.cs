using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Timers;

/// <summary>Runs a function on its schedule (UTC), one run at a time.</summary>
internal sealed class TimerListener(FunctionConfig function, TimerTriggerConfig trigger, Invoker invoker, HostLifetime lifetime, TimeProvider time)
{
    // The real host stores these times. This host does not, so it skips the runs that were due while it was down.
    private DateTime _last;
    private DateTime _updated = time.GetUtcNow().UtcDateTime;

    public async Task RunAsync()
    {
        try
        {
            if (trigger.RunOnStartup) await RunOnceAsync();
            while (Next(time.GetUtcNow()) is { } next)
            {
                await WaitUntilAsync(next);
                await RunOnceAsync();
                _last = _updated = next.UtcDateTime;
            }
        }
        catch (OperationCanceledException) when (lifetime.Stopping.IsCancellationRequested)
        {
            // The listener stops.
        }
    }

    public Task<InvocationResult> RunOnceAsync()
    {
        var input = new
        {
            Schedule = new { AdjustForDST = true },
            ScheduleStatus = trigger.UseMonitor ? new { Last = _last, Next = Next(_updated)?.UtcDateTime, LastUpdated = _updated } : null,
            IsPastDue = false,
        };
        return invoker.InvokeAsync(function, InvocationRequests.With(trigger.Binding, InvocationRequests.AsJson(input)));
    }

    private DateTimeOffset? Next(DateTimeOffset after) => trigger.Schedule.GetNextOccurrence(after, TimeZoneInfo.Utc);

    private async Task WaitUntilAsync(DateTimeOffset next)
    {
        // A timer can wait at most 49 days. A timer that fires slightly early must not run the same occurrence twice.
        while (next - time.GetUtcNow() is { Ticks: > 0 } wait)
            await Task.Delay(wait < TimeSpan.FromDays(1) ? wait : TimeSpan.FromDays(1), time, lifetime.Stopping);
    }
}
