using ClockifyFunctions.Delivery;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Messaging;

namespace ClockifyFunctions.Functions.SweepBacklogs;

/// <summary>Makes up for lost tickets: every credential with waiting records gets one. Where a drain runs already it finds the gate held.</summary>
internal sealed class SweepBacklogsFunction(LaneFinder lanes, DrainTickets tickets, AppSettings settings)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var credential in settings.Credentials.Values)
            if (await lanes.AnyWaitingAsync(credential, cancel)) await tickets.SendAsync(credential.Name, cancel);
    }
}
