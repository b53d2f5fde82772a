using System.Runtime.ExceptionServices;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>The records of one drain that have left the backlog's reader and are not finished: they wait for a slot or an earlier call, are in flight, or their events are not acknowledged.</summary>
/// <param name="over">Fires when the drain is to end.</param>
internal sealed class Unsettled(Settlement settlement, RecordDelivery delivery, Gate gate, TimeProvider time, CancellationToken over) : IAsyncDisposable
{
    /// <summary>How long a drain that ends waits for the broker to take the last response events; they are in the journal in any case.</summary>
    private static readonly TimeSpan GraceForEvents = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();

    /// <summary>The latest call to each object that is not finished for good: under way, or left to another drain.</summary>
    private readonly Dictionary<int, Task<bool>> _targets = [];

    private readonly CancellationTokenSource _giveUp = new();
    private int _unfinished;
    private Exception? _broken;

    /// <summary>Somebody waits for a change.</summary>
    private TaskCompletionSource? _awaited;

    /// <summary>Waits until one more call may be in flight, and for its permit; in this order, so that nobody waits with a permit in hand. Null when it is not to be sent now.</summary>
    private async Task<Permit?> PermitAsync(Lane lane, int calls = 1)
    {
        if (!lane.MayBegin) return null;
        try
        {
            await lane.Load.InFlight.EnterAsync(over);
            try
            {
                if (!gate.IsSuspended && lane.MayBegin) return await gate.PermitAsync(over, calls);
            }
            catch
            {
                lane.Load.InFlight.Leave();
                throw;
            }

            lane.Load.InFlight.Leave();
        }
        catch (OperationCanceledException) when ((over.IsCancellationRequested || gate.Exhausted.IsCancellationRequested) && !gate.Lost.IsCancellationRequested)
        {
            // The drain is to end.
        }

        return null;
    }

    /// <summary>
    /// Sends a record as soon as there is a permit; what is not begun by the end of the drain stays with its lane. Calls to one existing object keep
    /// backlog order: a later one follows the earlier one's outcome, and those behind it do not wait with it. Creates overlap in flight, but for
    /// those that reading back could not tell apart.
    /// </summary>
    /// <param name="calls">So many permits are to be near.</param>
    public async Task BeginAsync(PendingCall pending, int calls)
    {
        ThrowIfBroken();
        var load = pending.Lane.Load;
        if (EarlierFor(pending) is { } earlier) Track(pending, FinishAsync(FollowAsync(earlier, pending, calls)));
        // What waits for its own lane keeps no other lane waiting, and those behind it do not overtake it.
        else if (load.InFlight.IsFull || load.Waiting > 0) Track(pending, FinishAsync(SendAsync(pending, Enqueue(pending.Lane, calls))));
        else if (await PermitAsync(pending.Lane, calls) is { } permit) Track(pending, DeliverAsync(pending, permit));
    }

    public void EmitAgain(Lane.DoneRecord done) => Track(settlement.EmitAgainAsync(done, _giveUp.Token), done.Lane.Load, [], null);

    /// <summary>Waits until all are finished, and throws what they threw; for a while at most, until more may begin, or until the drain is to end.</summary>
    /// <returns>Whether they are.</returns>
    public async Task<bool> AllAsync(TimeSpan within)
    {
        if (ChangeUnlessDone() is { } change) await change.WaitAsync(within, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ThrowIfBroken();
        lock (_lock) return _unfinished == 0;
    }

    public async ValueTask DisposeAsync()
    {
        using (var timer = new CancellationTokenSource(GraceForEvents, time))
        {
            await using var registration = timer.Token.Register(_giveUp.Cancel);
            while (ChangeUnlessDone() is { } change) await change;
        }

        _giveUp.Dispose();
    }

    private Task<bool>? EarlierFor(PendingCall pending)
    {
        if (pending.Target is not { } target) return null;
        lock (_lock) return _targets.GetValueOrDefault(target);
    }

    private Task<Permit?> Enqueue(Lane lane, int calls)
    {
        var waiting = new LaneLoad.WaitingCall(calls);
        if (lane.Load.Enqueue(waiting)) _ = ServeAsync(lane, waiting);
        return waiting.Task;
    }

    /// <summary>Gets permits for what waits for its lane, one after another, as the lane's calls end. Each call begins right here, with its permit.</summary>
    private async Task ServeAsync(Lane lane, LaneLoad.WaitingCall first)
    {
        LaneLoad.WaitingCall? next = first;
        while (next is not null)
        {
            try
            {
                next.SetResult(await PermitAsync(lane, next.Calls));
            }
            catch (Exception broken)
            {
                next.SetException(broken);
            }

            next = lane.Load.Advance(out var isShort);
            if (isShort) Tell();
        }
    }

    /// <returns>Whether it is finished for good; else it is left to another drain.</returns>
    private Task<bool> DeliverAsync(PendingCall pending, Permit permit) => FinishAsync(SendAsync(pending, permit));

    /// <summary>Apart from sending, because where the broker is slow, many wait here, and hold on to nothing that was sent or answered.</summary>
    /// <inheritdoc cref="DeliverAsync"/>
    private async Task<bool> FinishAsync(Task<(bool IsFinished, IReadOnlyList<Settlement.Noted> Noted)> sending)
    {
        var (isFinished, noted) = await sending;
        await settlement.FinishAsync(noted, _giveUp.Token);
        return isFinished;
    }

    /// <summary>Where the earlier call was left, this one must not overtake it.</summary>
    /// <inheritdoc cref="SendAsync(PendingCall, Permit)"/>
    private async Task<(bool IsFinished, IReadOnlyList<Settlement.Noted> Noted)> FollowAsync(Task<bool> earlier, PendingCall pending, int calls) =>
        await earlier ? await SendAsync(pending, PermitAsync(pending.Lane, calls)) : (false, []);

    /// <inheritdoc cref="SendAsync(PendingCall, Permit)"/>
    private async Task<(bool IsFinished, IReadOnlyList<Settlement.Noted> Noted)> SendAsync(PendingCall pending, Task<Permit?> permitted) =>
        await permitted is { } permit ? await SendAsync(pending, permit) : (false, []);

    /// <summary>
    /// Of a record that was tried in vain: whether its place is the quarantine and not the head of the line. Else it is the key, which is
    /// suspended then; or its host, and its destination gets no more turns in this drain.
    /// </summary>
    private bool IsToBlame(PendingCall pending, DeliveryResult result)
    {
        if (result.End == DeliveryEnd.Interrupted || gate.IsSuspended) return false;
        if (result.End == DeliveryEnd.OutOfAttempts && (result.HostServesOthers || result.KeyIsGood == true)) return true;
        if (result is { End: DeliveryEnd.OutOfAttempts, KeyIsGood: false })
        {
            gate.Suspend(AnswerText.DescribeRefusedKey(result.Result.Status, result.Code));
            return false;
        }

        pending.Lane.Stall(pending);
        gate.NoteStalled();
        return false;
    }

    /// <summary>A refused batch is taken to have changed nothing. Its halves follow in order, until the bad record stands alone.</summary>
    /// <inheritdoc cref="DeliverAsync"/>
    private async Task<bool> HalveAsync(PendingCall batch)
    {
        var isFinished = true;
        foreach (var half in batch.Halves())
        {
            if (isFinished && await PermitAsync(batch.Lane) is { } permit)
            {
                isFinished = await DeliverAsync(half, permit);
                continue;
            }

            half.Release();
            isFinished = false;
        }

        return isFinished;
    }

    /// <returns>Whether it is finished for good but for events; else it is left to another drain.</returns>
    private async Task<(bool IsFinished, IReadOnlyList<Settlement.Noted> Noted)> SendAsync(PendingCall pending, Permit permit)
    {
        pending.IsBegun = true;
        DeliveryResult result;
        bool isOver;
        try
        {
            result = await DeliverSafelyAsync(pending, permit);
            // Before others may begin: they are not to, where it stalls their lane.
            isOver = result.End == DeliveryEnd.Decided || IsToBlame(pending, result);
        }
        finally
        {
            pending.Lane.Load.InFlight.Leave();
        }

        if (!isOver)
        {
            // Where it may have arrived, the next drain finds out.
            if (result.Outcome == Outcome.Failed) pending.Release();
            return (false, []);
        }

        if (pending.IsBatch && result is { Outcome: Outcome.Rejected, Result.Status: >= 400 and < 500 } or { Outcome: Outcome.Failed, KeyIsGood: true }) return (await HalveAsync(pending), []);
        return (true, await settlement.NoteAsync(pending.Records, result));
    }

    /// <summary>An error of ours with a record, or with an answer to it, is no reason to stop at it in every drain.</summary>
    private async ValueTask<DeliveryResult> DeliverSafelyAsync(PendingCall pending, Permit permit)
    {
        try
        {
            return await delivery.DeliverAsync(pending, permit);
        }
        catch (Exception fault) when (OwnFault.Is(fault))
        {
            var result = new CallResult(0, "", null, null, OwnFault.Reason(fault), true, TimeSpan.Zero);
            return new DeliveryResult(pending.Lane.Destination.TellsOnce ? Outcome.Unknown : Outcome.Failed, result, 0);
        }
    }

    private void Track(PendingCall pending, Task<bool> task) => Track(task, pending.Lane.Load, pending.Records, pending.Target);

    private void Track(Task task, LaneLoad load, IReadOnlyList<PendingRecord> records, int? target)
    {
        var bytes = load.Take(records);
        lock (_lock)
        {
            _unfinished++;
            if (target is { } its) _targets[its] = (Task<bool>)task;
        }

        _ = task.ContinueWith(
            finished =>
            {
                load.Finish(bytes);
                Finish(finished, target);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Finish(Task finished, int? target)
    {
        lock (_lock)
        {
            _unfinished--;
            // What threw is kept, for whoever waits.
            if (!finished.IsCompletedSuccessfully) _broken ??= finished.Exception?.InnerException ?? new TaskCanceledException(finished);
            else if (target is { } its && _targets.TryGetValue(its, out var latest) && latest == finished && latest.Result) _targets.Remove(its);
            if (_unfinished == 0 || _broken is not null) _awaited?.TrySetResult();
        }
    }

    private void Tell()
    {
        lock (_lock) _awaited?.TrySetResult();
    }

    private void ThrowIfBroken()
    {
        if (Volatile.Read(ref _broken) is { } broken) ExceptionDispatchInfo.Throw(broken);
    }

    /// <returns>What ends with the next change; null when all are finished.</returns>
    private Task? ChangeUnlessDone()
    {
        lock (_lock)
        {
            if (_unfinished == 0) return null;
            _awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _awaited.Task;
        }
    }
}
