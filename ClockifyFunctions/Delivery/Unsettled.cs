using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Delivery;

/// <summary>The records of one drain that have left the backlog's reader and are not finished: calls in flight, events not acknowledged.</summary>
/// <param name="over">Fires when the drain is to end.</param>
internal sealed class Unsettled(Settlement settlement, RecordDelivery delivery, Gate gate, CallsInFlight.Drain inFlight, TimeProvider time, CancellationToken over) : IAsyncDisposable
{
    /// <summary>How long a drain that ends waits for the broker to take the last response events; they are in the journal in any case.</summary>
    private static readonly TimeSpan GraceForEvents = TimeSpan.FromSeconds(10);

    private readonly HashSet<Task> _tasks = [];
    private readonly Dictionary<int, Task> _targets = [];
    private readonly CancellationTokenSource _giveUp = new();

    /// <summary>By host: when the latest of the calls that were taken had begun. A timestamp.</summary>
    private readonly Dictionary<string, long> _served = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A record could not be sent although it was tried again and again, and no other fared better: the API does not work.</summary>
    public bool Stalled { get; private set; }

    /// <summary>Waits until one more call may be in flight, and for its permit; in this order, so that nobody waits with a permit in hand. Null when the drain is to end.</summary>
    /// <param name="calls">So many permits are to be near.</param>
    public async Task<Permit?> PermitAsync(int calls = 1)
    {
        try
        {
            await inFlight.EnterAsync(over);
            try
            {
                if (!Stalled && !gate.IsSuspended) return await gate.PermitAsync(over, calls);
            }
            catch
            {
                inFlight.Leave();
                throw;
            }

            inFlight.Leave();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !gate.Lost.IsCancellationRequested)
        {
            // Then it is not to be sent now.
        }

        return null;
    }

    /// <param name="permit">From <see cref="PermitAsync"/>.</param>
    public void Deliver(PendingCall pending, Permit permit)
    {
        pending.IsBegun = true;
        Track(DeliverAsync(pending, permit), pending.Target);
    }

    /// <summary>
    /// Calls to the same existing object keep backlog order: the later one waits for the earlier one's outcome. Creates overlap in flight,
    /// but for those that reading back could not tell apart.
    /// </summary>
    public async Task UntilTargetIsFreeAsync(PendingCall pending)
    {
        Task? earlier = null;
        if (pending.Target is { } target)
            lock (_tasks) _targets.TryGetValue(target, out earlier);
        if (earlier is not null) await UntilAsync(earlier);
    }

    public void EmitAgain(Lane.DoneRecord done) => Track(settlement.EmitAgainAsync(done, _giveUp.Token));

    /// <summary>Waits until some are finished, for a while perhaps, or until the drain is to end.</summary>
    public async Task UntilFewerThanAsync(int count, TimeSpan? within = null)
    {
        var started = time.GetTimestamp();
        while (!over.IsCancellationRequested && Snapshot() is var tasks && tasks.Length >= count)
        {
            var left = within - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return;
            await UntilAsync(Task.WhenAny(tasks).Unwrap(), left);
        }
    }

    /// <summary>Waits until all are finished, for a while at most.</summary>
    /// <returns>Whether they are.</returns>
    public async Task<bool> AllAsync(TimeSpan within)
    {
        var all = Task.WhenAll(Snapshot());
        await UntilAsync(all, within);
        return all.IsCompleted;
    }

    public async ValueTask DisposeAsync()
    {
        var all = Task.WhenAll(Snapshot());
        using (var timer = new CancellationTokenSource(GraceForEvents, time))
        {
            await using var registration = timer.Token.Register(_giveUp.Cancel);
            await all.ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        _giveUp.Dispose();
    }

    private async Task DeliverAsync(PendingCall pending, Permit permit)
    {
        var begun = time.GetTimestamp();
        var result = await SendAsync(pending, permit);
        var othersAreServed = WasServedSince(result.FirstFailure, pending.Request.Url.Authority);
        switch (result)
        {
            case { End: DeliveryEnd.Decided }:
            // The API works for others and keeps failing for this one: its place is the quarantine, not the head of the line.
            case { End: DeliveryEnd.OutOfAttempts } when othersAreServed && !(result.RefusesKey && gate.IsSuspended):
                await SettleAsync(pending, result, begun);
                return;
            case { End: DeliveryEnd.Interrupted }:
                break;
            case { RefusesKey: true } when gate.IsSuspended || !othersAreServed:
                gate.Suspend($"the API answered {result.Result.Status}{(result.Code is { } code ? $" (code {code})" : "")} whatever was sent");
                break;
            default:
                Stalled = true;
                gate.NoteStalled();
                break;
        }

        // Where it may have arrived, the next drain finds out.
        if (result.Outcome == Outcome.Failed) pending.Release();
    }

    private async Task SettleAsync(PendingCall pending, DeliveryResult result, long begun)
    {
        // A refused batch is taken to have changed nothing. Its halves follow in order, until the bad record stands alone.
        if (result is { Outcome: Outcome.Rejected, Result.Status: >= 400 and < 500 } && pending.IsBatch)
        {
            foreach (var half in pending.Halves())
            {
                if (await PermitAsync() is { } another) await DeliverAsync(half, another);
                else half.Release();
            }

            return;
        }

        if (result.Outcome == Outcome.Delivered) NoteServed(pending.Request.Url.Authority, begun);
        foreach (var record in pending.Records) await settlement.SettleAsync(record, result, _giveUp.Token);
    }

    private void NoteServed(string host, long begun)
    {
        lock (_served) _served[host] = Math.Max(begun, _served.GetValueOrDefault(host, long.MinValue));
    }

    /// <summary>Whether a call was taken that began later: what was under way at that time shows nothing.</summary>
    private bool WasServedSince(long failure, string host)
    {
        lock (_served) return _served.TryGetValue(host, out var begun) && begun > failure;
    }

    private async Task<DeliveryResult> SendAsync(PendingCall pending, Permit permit)
    {
        try
        {
            return await delivery.DeliverAsync(pending, permit);
        }
        finally
        {
            inFlight.Leave();
        }
    }

    /// <summary>Until the task is finished, and throws what it threw; or until the drain is to end, or the time is over.</summary>
    private async Task UntilAsync(Task task, TimeSpan? within = null)
    {
        await task.WaitAsync(within ?? Timeout.InfiniteTimeSpan, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (task.IsCompleted) await task;
    }

    private Task[] Snapshot()
    {
        lock (_tasks) return [.. _tasks];
    }

    private void Track(Task task, int? target = null)
    {
        lock (_tasks)
        {
            _tasks.Add(task);
            if (target is { } its) _targets[its] = task;
        }

        _ = task.ContinueWith(finished => { if (finished.IsCompletedSuccessfully) Forget(finished, target); }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Forget(Task task, int? target)
    {
        lock (_tasks)
        {
            _tasks.Remove(task);
            if (target is { } its && _targets.TryGetValue(its, out var latest) && latest == task) _targets.Remove(its);
        }
    }
}
