using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Maintenance;

/// <summary>
/// Makes up for lost tickets: every credential with waiting records gets one. Where a drain runs already it finds the gate held.
/// Records whose destination was deleted are given to a person. One listing, however many credentials there are; a read for each backlog that waits.
/// </summary>
internal sealed class Sweep(Backlogs backlogs, LaneFinder lanes, StrandedRecords stranded, IdleDestinations idle, DrainTickets tickets, CredentialStore credentials, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var known = (await credentials.GetAsync(CredentialStore.ForSending, cancel)).All;
        var all = (await backlogs.ListAsync(null, cancel)).Where(backlog => known.ContainsKey(backlog.Credential)).ToArray();
        var waiting = new List<string>();
        foreach (var ofOne in all.GroupBy(backlog => backlog.Credential))
            if ((await lanes.WaitingAsync(known[ofOne.Key], ofOne, cancel)).Any(one => !lanes.IsPaused(one))) waiting.Add(ofOne.Key);
        await Task.WhenAll(waiting.Select(credential => tickets.SendAsync(credential, cancel)));
        foreach (var backlog in all) await stranded.RescueAsync(known[backlog.Credential], backlog, cancel);
        await idle.RemoveAsync(cancel);
        if (!Instruments.BacklogsAreWatched) return;
        foreach (var backlog in all) await MeasureAsync(backlog, cancel);
    }

    private async Task MeasureAsync(BacklogSummary backlog, CancellationToken cancel)
    {
        var depth = await backlogs.DepthAsync(backlog, cancel);
        Instruments.BacklogSize.Set(backlog.Destination, depth.Records);
        // Nobody needs to look at what a person has paused, however old it gets.
        var counts = depth.Oldest is not null && await lanes.ActiveAsync(backlog.Destination, cancel) is not null;
        Instruments.BacklogAge.Set(backlog.Destination, counts ? (time.GetUtcNow() - depth.Oldest!.Value).TotalSeconds : 0);
    }
}
