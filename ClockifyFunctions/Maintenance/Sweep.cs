using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Draining;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Maintenance;

/// <summary>
/// Replaces lost tickets: it sends one for every credential with waiting records. If a drain is already running, the ticket finds the gate held.
/// It also moves records of deleted destinations to the quarantine. It costs one listing, plus one read for each backlog with waiting records.
/// </summary>
internal sealed class Sweep(Backlogs backlogs, LaneFinder lanes, ActiveDestinations destinations, RecordsOfDeletedDestinations ofDeleted, IdleDestinations idle, DrainTickets tickets, CredentialStore credentials, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var known = (await credentials.GetAsync(CredentialStore.ForSending, cancel)).All;
        var all = (await backlogs.ListAsync(null, cancel)).Where(backlog => known.ContainsKey(backlog.Credential)).ToArray();
        var waiting = new List<string>();
        foreach (var ofOne in all.GroupBy(backlog => backlog.Credential))
            if ((await lanes.WaitingAsync(known[ofOne.Key], ofOne, cancel)).Any(one => !one.IsPaused)) waiting.Add(ofOne.Key);
        await Task.WhenAll(waiting.Select(credential => tickets.SendAsync(credential, cancel)));
        foreach (var backlog in all) await ofDeleted.QuarantineAsync(known[backlog.Credential], backlog, cancel);
        await idle.RemoveAsync(cancel);
        if (!Instruments.BacklogsAreWatched) return;
        foreach (var backlog in all) await MeasureAsync(backlog, cancel);
    }

    private async Task MeasureAsync(BacklogSummary backlog, CancellationToken cancel)
    {
        var depth = await backlogs.DepthAsync(backlog, cancel);
        Instruments.BacklogSize.Set(backlog.Destination, depth.Records);
        // A paused destination is not measured, because its records are meant to wait.
        var counts = depth.Oldest is not null && await destinations.FindAsync(backlog.Destination, cancel) is not null;
        Instruments.BacklogAge.Set(backlog.Destination, counts ? (time.GetUtcNow() - depth.Oldest!.Value).TotalSeconds : 0);
    }
}
