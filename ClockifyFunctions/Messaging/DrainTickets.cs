using System.Collections.Concurrent;

namespace ClockifyFunctions.Messaging;

/// <summary>
/// Sends tickets. Lost and duplicate tickets are harmless: the drain of a duplicate ticket finds the gate held, and the sweep replaces a lost
/// ticket.
/// </summary>
/// <remarks>
/// At most one ticket per second, credential and process: the first is sent immediately, and all requests within the next second share one
/// ticket that is due a second later. This limits the number of attempts to acquire the lease.
/// </remarks>
internal sealed class DrainTickets(Queues queues, RunningDrains running, TimeProvider time, ILogger<DrainTickets> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Maximum time to send a ticket. If the broker is unavailable for longer, the invocation of the drain fails, and the broker delivers its ticket again later.</summary>
    private static readonly TimeSpan SentWithin = TimeSpan.FromSeconds(30);

    /// <summary>Tolerated difference between the clocks of the broker and this process: a ticket that is due within this time may already have been delivered.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _latest = new(StringComparer.Ordinal), _next = new(StringComparer.Ordinal);

    /// <summary>Announces records for the credential. A drain in the same process is woken without a ticket. If the broker is unavailable, the sweep finds the records.</summary>
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

    /// <summary>Sends a ticket that the broker delivers at <paramref name="due"/>. It sends none if a ticket that is due earlier is already scheduled.</summary>
    /// <exception cref="TimeoutException">The broker is unavailable.</exception>
    public async Task SendAtAsync(string credential, DateTimeOffset due, CancellationToken cancel)
    {
        if (_next.TryGetValue(credential, out var sent) && sent <= due && sent > time.GetUtcNow() + ClocksDiffer) return;
        await SendAsync(credential, due, cancel);
        _next[credential] = due;
    }

    /// <summary>Schedules a ticket for <paramref name="due"/>, because no call can be made for the credential before. This process sends no earlier ticket.</summary>
    /// <exception cref="TimeoutException">The broker is unavailable.</exception>
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
            throw new TimeoutException($"Queue '{Queues.DrainName}' did not accept a ticket within {SentWithin.TotalSeconds:0} s. The records wait; the next ticket or the sweep finds them.");
        }
    }
}
