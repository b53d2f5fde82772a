using ClockifyFunctions.Maintenance;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Sends tickets for backlogs with waiting records.</summary>
internal sealed class SweepBacklogs(Sweep sweep)
{
    [Function(nameof(SweepBacklogs))]
    public Task RunAsync([TimerTrigger("%SWEEP_SCHEDULE%", UseMonitor = false, RunOnStartup = true)] TimerInfo timer, CancellationToken cancel) => sweep.RunAsync(cancel);
}
