using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// The story of a drain. Steps 1 and 2 have put records into backlogs and sent a ticket for their credential; here it is redeemed:
/// <list type="number">
/// <item value="3">Drain: enter the credential's gate, and so become the only sender for its key; serve its active destinations in fair turns.</item>
/// <item value="4">Render: record and destination become a request (<see cref="Lane"/> does it as it reads, and makes the intents durable).</item>
/// <item value="5">Gate: one permit per call.</item>
/// <item value="6">Send: one HTTP call, retried when that is safe (<see cref="RecordDelivery"/>).</item>
/// <item value="7">Outcome: journal, response event, quarantine, and the cursor moves on (<see cref="Settlement"/>).</item>
/// </list>
/// </summary>
internal sealed class DrainLoop(
    GateKeeper keeper, LaneFinder lanes, Settlement settlement, ClockifyClient client,
    RunningDrains running, DrainTickets tickets, AppSettings settings, TimeProvider time, ILogger<DrainLoop> log)
{
    private static readonly TimeSpan PauseWhenStalled = TimeSpan.FromSeconds(10);

    /// <summary>How often a held gate is tried again, where it is waited for.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a record waits for the one before it where permits are rare: as long as two calls take, and less than five attempts do.</summary>
    private static readonly TimeSpan LongestRareWait = TimeSpan.FromSeconds(2);

    /// <summary>What was begun has half as long again as the drain, for the calls it still needs and for better moments.</summary>
    private const double BegunLasts = 1.5;

    /// <summary>
    /// A drain that has nothing left stays for this long before it leaves: about as long as leaving and entering again would cost. Records
    /// that come now and then are served in one drain, and where storage is slow, drains do not make it slower by coming and going.
    /// It is woken by records and tickets that come to this process, and looks by itself for records that came to another.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private const int LooksWhileLingering = 2;

    /// <summary>Drains the credential's backlogs until they are empty, the time budget is spent or <paramref name="stopping"/> fires; leaves a ticket if work remains.</summary>
    /// <param name="redelivered">
    /// The ticket's first taker did not finish. If the gate is held now, that may be by the lease of the dead, who look after no
    /// records: it is waited for until that lease must have ended. In here, because a ticket for later goes by the clock of whoever sends it.
    /// </param>
    public async Task RunAsync(Credential credential, bool redelivered, CancellationToken stopping)
    {
        if (running.TryCall(credential.Name)) return;
        try
        {
            await RedeemAsync(credential, redelivered, stopping);
        }
        catch (Exception broken)
        {
            // Storage is away, most likely. The ticket comes back to somebody, marked as redelivered.
            Log.Broken(log, credential, broken);
            throw;
        }
    }

    private async Task RedeemAsync(Credential credential, bool redelivered, CancellationToken stopping)
    {
        using var budget = new CancellationTokenSource(settings.DrainTimeBudget, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, stopping);
        using var longer = new CancellationTokenSource(settings.DrainTimeBudget * BegunLasts, time);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(longer.Token, stopping);
        // Until then a held gate is waited for: by then the lease of the dead has ended, and whoever else holds it sees our records or leaves a ticket.
        var until = redelivered ? LeaseEnds() : TimeSpan.Zero;
        while (true)
        {
            // Step 3: drain. Whoever holds the gate is the only sender for the key.
            switch (await keeper.EnterAsync(credential, stopping))
            {
                case GateEntry.Suspended suspended:
                    Log.Suspended(log, credential, suspended.Reason);
                    return;
                case GateEntry.Exhausted exhausted:
                    Log.Exhausted(log, credential, exhausted.For);
                    await tickets.PostponeAsync(credential.Name, time.GetUtcNow() + exhausted.For, CancellationToken.None);
                    return;
                case GateEntry.Entered entered:
                    var (end, held) = await DrainAsync(entered.Gate, credential, ending.Token, cut.Token);
                    Log.Ended(log, credential, end);
                    Instruments.Drains.Add(1, new(Instruments.Credential, credential.Name), new(Instruments.End, end.ToString()));
                    switch (end)
                    {
                        // No lost wake-up: a ticket that came while the gate was held is gone, so look once more.
                        case DrainEnd.Drained when !await lanes.AnyWaitingAsync(credential, stopping, held):
                            if (held is not null) await tickets.SendAtAsync(credential.Name, held.Until, CancellationToken.None);
                            return;
                        case DrainEnd.Drained when !ending.IsCancellationRequested:
                            continue;
                        case DrainEnd.Suspended:
                            return;
                        case DrainEnd.Exhausted:
                            await tickets.PostponeAsync(credential.Name, time.GetUtcNow() + entered.Gate.ExhaustedFor, CancellationToken.None);
                            return;
                        case DrainEnd.SteppedAside or DrainEnd.Lost:
                            until = LeaseEnds();
                            await Task.Delay(TryAgain, time, CancellationToken.None);
                            continue;
                        default:
                            await tickets.SendAtAsync(credential.Name, time.GetUtcNow() + (end == DrainEnd.Stalled ? PauseWhenStalled : TimeSpan.Zero), CancellationToken.None);
                            return;
                    }

                case GateEntry.Held when time.GetElapsedTime(0) < until && !stopping.IsCancellationRequested:
                    await Task.Delay(TryAgain, time, CancellationToken.None);
                    break;
                default:
                    return;
            }
        }

        TimeSpan LeaseEnds() => time.GetElapsedTime(0) + settings.GateLeaseDuration + TryAgain;
    }

    private async Task<(DrainEnd End, HeldBatches? Held)> DrainAsync(Gate gate, Credential credential, CancellationToken ending, CancellationToken cut)
    {
        var wakeUp = running.Begin(credential.Name);
        using var span = Spans.Drain(credential);
        try
        {
            await using (gate)
            {
                var done = await SendAllAsync(gate, credential, wakeUp, ending, cut);
                span?.SetTag(Instruments.End, done.End.ToString());
                return done;
            }
        }
        finally
        {
            running.End(credential.Name);
        }
    }

    /// <param name="ending">Fires when nothing new is to be begun.</param>
    /// <param name="cut">Fires when what was begun waits no longer.</param>
    private async Task<(DrainEnd End, HeldBatches? Held)> SendAllAsync(Gate gate, Credential credential, WakeUp wakeUp, CancellationToken ending, CancellationToken cut)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gate.Lost, gate.Knocked, gate.Exhausted, ending);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(gate.Lost, gate.Knocked, cut);
        await using var served = await lanes.OpenAsync(credential, gate.Lost);
        var delivery = new RecordDelivery(gate, client, time, new ReadBack(settings.DrainTimeBudget * BegunLasts, served.TryClaim), late.Token);
        await using var unsettled = new Unsettled(settlement, delivery, gate, time, over.Token);
        DrainEnd? reason = null;
        var following = served.NextTurnAsync(gate.Lost);
        try
        {
            for (var turn = await following; !turn.IsEmpty; turn = await NextAsync())
            {
                foreach (var done in turn.DoneBefore) unsettled.EmitAgain(done);
                for (var sent = 0; sent < turn.Records.Count && Reason() is null; sent++)
                {
                    // The next turn is read, rendered and journaled while the last calls of this one are sent: not sooner, for then
                    // fewer records have come, and more would be in doubt after a crash.
                    if (sent == Math.Max(0, turn.Records.Count - served.Ahead)) following = served.NextTurnAsync(gate.Lost);
                    var pending = turn.Records[sent];
                    // A record may need several calls: where permits are rare, it is begun when there are enough, and alone for a while. One
                    // that fails again and again does not keep the others waiting, and they show whether it is to blame.
                    if (served.PermitsAreRare) await unsettled.AllAsync(LongestRareWait);
                    // Step 5: gate. Permits are taken in backlog order; calls then overlap in flight.
                    if (Reason() is null) await unsettled.BeginAsync(pending, served.PermitsAreRare ? pending.CallsAtMost : 1);
                }

                if (turn.Records.Count == 0 && Reason() is null) following = served.NextTurnAsync(gate.Lost);
                if (Reason() is not null) break;
            }

            return Reason() is { } why ? (why, null) : served.HasStalled ? (DrainEnd.Stalled, null) : (DrainEnd.Drained, served.Held);
        }
        catch (OperationCanceledException) when (gate.Lost.IsCancellationRequested)
        {
            return (DrainEnd.Lost, null);
        }
        finally
        {
            // What has not been begun by now stays with its lane.
            await over.CancelAsync();
            // Nothing may still be reading or writing a lane when it is closed.
            await Task.WhenAny(following);
        }

        // Empty when nothing is left, or the drain is to end.
        async Task<Lane.Turn> NextAsync()
        {
            var turn = await following;
            // While the last answers and acknowledgements are awaited, what is known is written down, and who comes is served.
            while (turn.IsEmpty && Reason() is null && !await unsettled.AllAsync(served.IsHeldUp ? Linger / 4 : Linger)) turn = await served.NextTurnAsync(gate.Lost);
            if (turn.IsEmpty && Reason() is null) turn = await served.NextTurnAsync(gate.Lost);
            for (var look = 0; look < LooksWhileLingering && turn.IsEmpty && served.Held is null && Reason() is null; look++)
            {
                var isCalled = await wakeUp.WaitAsync(Linger / LooksWhileLingering, time, over.Token);
                turn = await served.NextTurnAsync(gate.Lost);
                if (!turn.IsEmpty || !isCalled) continue;
                // Then it is for a destination that has no lane as yet.
                await served.LookAsync(gate.Lost);
                turn = await served.NextTurnAsync(gate.Lost);
            }

            return turn;
        }

        // The first one there was.
        DrainEnd? Reason() => reason ??=
            gate.Lost.IsCancellationRequested ? DrainEnd.Lost
            : gate.IsSuspended ? DrainEnd.Suspended
            : gate.Knocked.IsCancellationRequested ? DrainEnd.SteppedAside
            : gate.Exhausted.IsCancellationRequested ? DrainEnd.Exhausted
            : served.IsOutdated ? DrainEnd.Outdated
            : ending.IsCancellationRequested ? DrainEnd.OutOfTime
            : null;
    }

    /// <summary>Why a drain ended.</summary>
    private enum DrainEnd
    {
        /// <summary>Nothing waits, but perhaps for a batch to fill.</summary>
        Drained,

        /// <summary>A destination was changed, or is to be tried again.</summary>
        Outdated,

        /// <summary>The time budget is spent, or the process is to stop.</summary>
        OutOfTime,

        /// <summary>Somebody knocked, for one call: come back in a moment.</summary>
        SteppedAside,

        /// <summary>The next permit is far off: come back then.</summary>
        Exhausted,

        /// <summary>Nothing waits, but for a host that does not work at the moment.</summary>
        Stalled,

        /// <summary>The API refuses the key; the records wait.</summary>
        Suspended,

        /// <summary>The gate is no longer ours.</summary>
        Lost,
    }

    private static class Log
    {
        public static void Ended(ILogger log, Credential credential, DrainEnd end) => log.LogInformation("Drain of {Credential} ended: {End}.", credential, end);

        public static void Broken(ILogger log, Credential credential, Exception broken) =>
            log.LogError(broken, "Drain of {Credential} broke off; its records wait, and another drain follows in {Pause} or a little more.", credential, PauseWhenStalled);

        public static void Exhausted(ILogger log, Credential credential, TimeSpan wait) => log.LogInformation("Credential {Credential} has used up its limits for {Wait}; its records wait.", credential, wait);

        public static void Suspended(ILogger log, Credential credential, string reason) =>
            log.LogWarning("Credential {Credential} is suspended: {Reason}. Its records wait.", credential, reason);
    }
}
