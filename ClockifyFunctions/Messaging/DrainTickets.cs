using System.Collections.Concurrent;

namespace ClockifyFunctions.Messaging;

/// <summary>
/// Asks for a drain of a credential's backlogs. Tickets may be lost or doubled without harm: a doubled one finds the gate
/// held, a lost one is made up for by the sweep.
/// </summary>
/// <remarks>
/// At most one ticket a second per credential and process: the first goes at once, and one more, due a second later,
/// stands for all that come in between. So a trickle of records does not turn into a storm of attempts on the lease.
/// </remarks>
internal sealed class DrainTickets(Queues queues, RunningDrains running, TimeProvider time, ILogger<DrainTickets> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A broker that is away for longer gets no ticket. A drain's invocation fails then, and its own ticket comes back when the broker does.</summary>
    private static readonly TimeSpan SentWithin = TimeSpan.FromSeconds(30);

    /// <summary>The broker's and ours: a ticket due so soon may have come already.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _latest = new(StringComparer.Ordinal), _next = new(StringComparer.Ordinal);

    /// <summary>There are records for the credential; a drain in this very process learns of them without a ticket. Where the broker is away, the sweep finds them.</summary>
    public async Task SendAsync(string credential, CancellationToken cancel)
    {
        if (running.TryWake(credential)) return;
        var now = time.GetUtcNow();
        var due = now;
        var wanted = false;
        _latest.AddOrUpdate(
            credential,
            _ => { (due, wanted) = (now, true); return now; },
            (_, latest) =>
            {
                (due, wanted) = latest > now ? (latest, false) : latest + Interval > now ? (latest + Interval, true) : (now, true);
                return due;
            });
        if (!wanted) return;
        try
        {
            await SendAsync(credential, due > now ? due : null, cancel);
        }
        catch (TimeoutException away)
        {
            log.LogWarning("{Reason}", away.Message);
        }
    }

    /// <summary>A ticket that nobody gets before <paramref name="due"/>; one that is known to come sooner stands for it, however often it is asked for.</summary>
    /// <exception cref="TimeoutException">The broker is away.</exception>
    public async Task SendAtAsync(string credential, DateTimeOffset due, CancellationToken cancel)
    {
        if (_next.TryGetValue(credential, out var sent) && sent <= due && sent > time.GetUtcNow() + ClocksDiffer) return;
        await SendAsync(credential, due, cancel);
        _next[credential] = due;
    }

    /// <summary>No call can be made for the credential before <paramref name="due"/>: a ticket for then, and from this process none before.</summary>
    /// <exception cref="TimeoutException">The broker is away.</exception>
    public async Task PostponeAsync(string credential, DateTimeOffset due, CancellationToken cancel)
    {
        await SendAtAsync(credential, due, cancel);
        _latest[credential] = due;
    }

    private async Task SendAsync(string credential, DateTimeOffset? notBefore, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(SentWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            await queues.Drain.SendAsync(DrainTicket.For(credential, notBefore), either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"Queue '{Queues.DrainName}' did not take a ticket within {SentWithin.TotalSeconds:0} s. The records wait; the next ticket or the sweep finds them.");
        }
    }
}
