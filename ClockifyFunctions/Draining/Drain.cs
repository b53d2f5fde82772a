using System.Collections.Concurrent;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.References;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Draining;

/// <summary>
/// Step 3: redeems a ticket. The drain acquires the gate of the credential, so no other process sends with its key, and serves the active
/// destinations in turns.
/// </summary>
internal sealed class Drain(
    GateKeeper keeper, LaneFinder finder, ClockifyClient client, QuarantineStore quarantine, Queues queues, RunningDrains running, DrainTickets tickets, CredentialStore credentials, SnapshotStore snapshots, IExternalKeys keys, AppSettings settings, TimeProvider time, Random random, ILogger<Drain> log)
{
    /// <summary>The interval between attempts to acquire a gate that another process holds.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// The time that a drain without work waits before it releases the gate. Releasing and acquiring the gate again would take about as long. Records that
    /// this process ingests end the wait.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an ending drain waits for the broker to accept its last messages. Messages that the broker does not accept in time are still in the
    /// journal.
    /// </summary>
    private static readonly TimeSpan GraceForMessages = TimeSpan.FromSeconds(10), GraceWhenStopping = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, KeyCheck> _keyChecks = new(StringComparer.Ordinal);

    /// <summary>The time, by credential, until which all destinations with waiting records are paused. A ticket is scheduled for that time.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _resting = new(StringComparer.Ordinal);
    private int _drains;

    /// <summary>
    /// Drains the credential's backlogs until they are empty, the time budget is spent or <paramref name="stopping"/> fires. Sends a ticket if work
    /// remains.
    /// </summary>
    /// <param name="redelivered">
    /// Whether the first attempt to process this ticket failed. If its process crashed, its lease is still held and expires after
    /// <see cref="AppSettings.GateLeaseDuration"/>. The drain tries to acquire the gate for that long.
    /// </param>
    public async Task RunAsync(Credential credential, bool redelivered, CancellationToken stopping)
    {
        if (running.TryWake(credential.Name)) return;
        // If all destinations with waiting records are paused, the drain does not acquire the gate.
        if (_resting.TryGetValue(credential.Name, out var rested) && rested > time.GetUtcNow() && (await finder.WaitingAsync(credential, CancellationToken.None)).All(static waiting => waiting.IsPaused)) return;
        var until = redelivered ? LeaseEnds() : TimeSpan.Zero;
        while (true)
        {
            // The stop does not cancel this request. A lease whose response is not read would stay held until it expires.
            switch (await keeper.EnterAsync(credential, CancellationToken.None))
            {
                case GateEntry.Suspended suspended:
                    log.LogWarning("Credential {Credential} is suspended: {Reason}. Its records wait.", credential, suspended.Reason);
                    return;
                case GateEntry.Exhausted exhausted:
                    log.LogInformation("Credential {Credential} has used up its limits for {Wait}. Its records wait.", credential, exhausted.For);
                    await tickets.PostponeAsync(credential.Name, time.GetUtcNow() + exhausted.For, CancellationToken.None);
                    return;
                case GateEntry.Held when time.GetElapsedTime(0) < until && !stopping.IsCancellationRequested:
                    await Task.Delay(TryAgain, time, CancellationToken.None);
                    continue;
                case GateEntry.Entered entered:
                    var (end, lanes) = await ServeAsync(entered.Gate, credential, stopping);
                    log.LogInformation("Drain of {Credential} ended: {End}.", credential, end);
                    Instruments.Drains.Add(1, new(Instruments.Credential, credential.Name), new(Instruments.End, end.ToString()));
                    if (end is DrainEnd.SteppedAside or DrainEnd.Lost && !stopping.IsCancellationRequested)
                    {
                        until = LeaseEnds();
                        await Task.Delay(TryAgain, time, CancellationToken.None);
                        continue;
                    }

                    if (!await LeaveTicketAsync(credential, end, entered.Gate, lanes)) continue;
                    return;
                default:
                    // Another process holds the gate. It reads the records, or sends a ticket when it ends.
                    return;
            }
        }

        TimeSpan LeaseEnds() => time.GetElapsedTime(0) + settings.GateLeaseDuration + TryAgain;
    }

    private async Task<(DrainEnd End, Lanes Lanes)> ServeAsync(Gate gate, Credential credential, CancellationToken stopping)
    {
        using var span = Spans.Drain(credential);
        await using var held = gate;
        var lists = new Lists(credential, snapshots, keys, settings, time, log);
        await using var drain = new DrainScope(gate, _keyChecks.AddOrUpdate(credential.Name, _ => new KeyCheck(credential, time), (_, known) => known.Credential == credential ? known : new KeyCheck(credential, time)), settings.DrainTimeBudget, time, stopping)
        {
            Client = client,
            Quarantine = quarantine,
            Queues = queues,
            Lists = lists,
            Lookups = new Lookups(lists, settings, time, log),
            LookupPace = new LookupPace(credential.Limits, time),
            Random = random,
            Log = log,
        };
        using var wakes = running.Begin(credential.Name, drain.RecordsCame);
        await using var lanes = new Lanes(finder, credential, drain, Interlocked.Increment(ref _drains) & 0xffff);
        try
        {
            var end = await ServeAsync(credential, lanes, drain);
            span?.SetTag(Instruments.End, end.ToString());
            return (end, lanes);
        }
        catch (OperationCanceledException) when (gate.Lost.IsCancellationRequested)
        {
            return (DrainEnd.Lost, lanes);
        }
        finally
        {
            await drain.StopBeginningAsync();
            drain.GiveUpAfter(stopping.IsCancellationRequested ? GraceWhenStopping : GraceForMessages);
        }
    }

    private async Task<DrainEnd> ServeAsync(Credential credential, Lanes lanes, DrainScope drain)
    {
        for (long? idleSince = null; ;)
        {
            if (EndOf(drain.Gate, drain.Begin) is { } end) return end;
            // The gate applies the limits of the credential for which it was acquired. If the credential has changed, a new drain is needed.
            if (!ReferenceEquals((await credentials.GetAsync(CredentialStore.ForSending, drain.Gate.Lost)).Find(credential.Name), credential)) return DrainEnd.Outdated;
            if (await lanes.BeginTurnsAsync(drain.Gate.Lost))
            {
                idleSince = null;
                continue;
            }

            if (!lanes.IsIdle) idleSince = null;
            else if (lanes.BatchDue is not null || time.GetElapsedTime(idleSince ??= time.GetTimestamp()) >= Linger) return DrainEnd.Drained;
            await drain.Changed.WaitAsync(Linger / 2, drain.Begin);
        }
    }

    /// <summary>Returns null while the drain may continue.</summary>
    private static DrainEnd? EndOf(Gate gate, CancellationToken begin) =>
        gate.Lost.IsCancellationRequested ? DrainEnd.Lost
        : gate.Suspended.IsCancellationRequested ? DrainEnd.Suspended
        : gate.YieldRequested.IsCancellationRequested ? DrainEnd.SteppedAside
        : gate.Exhausted.IsCancellationRequested ? DrainEnd.Exhausted
        : begin.IsCancellationRequested ? DrainEnd.OutOfTime
        : null;

    /// <summary>Sends a ticket for the time at which there is work again.</summary>
    /// <returns>False if there is work already. Records can arrive while this drain holds the gate; their tickets then have no effect.</returns>
    private async Task<bool> LeaveTicketAsync(Credential credential, DrainEnd end, Gate gate, Lanes lanes)
    {
        if (end == DrainEnd.Suspended) return true;
        if (end == DrainEnd.Exhausted)
        {
            await tickets.PostponeAsync(credential.Name, time.GetUtcNow() + gate.ExhaustedFor, CancellationToken.None);
            return true;
        }

        var due = end == DrainEnd.Drained ? lanes.BatchDue : time.GetUtcNow();
        if (end == DrainEnd.Drained)
            foreach (var waiting in await finder.WaitingAsync(credential, CancellationToken.None))
            {
                if (waiting.IsPaused) due = due < waiting.Backlog.Cursor.PausedUntil ? due : waiting.Backlog.Cursor.PausedUntil;
                else if (lanes.ReadTo.GetValueOrDefault(waiting.Destination.Id) != waiting.Backlog.End) return false;
            }

        if (due is not { } at) return true;
        await tickets.SendAtAsync(credential.Name, at, CancellationToken.None);
        _resting[credential.Name] = at;
        return true;
    }

    /// <summary>
    /// Why a drain ended. Drained: only batches that are not full and paused destinations have waiting records. OutOfTime: the time budget is spent, or
    /// the process is stopping. Outdated: the credential was changed. SteppedAside: another caller, such as the console, requested the gate.
    /// Exhausted: the next permit is too far in the future to wait for. Suspended: the API refuses the key. Lost: the lease of the gate was lost.
    /// </summary>
    private enum DrainEnd
    {
        Drained,
        OutOfTime,
        Outdated,
        SteppedAside,
        Exhausted,
        Suspended,
        Lost,
    }
}
