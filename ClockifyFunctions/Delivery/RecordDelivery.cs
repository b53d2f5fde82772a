using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// Delivers a record, or a batch of records that share one request. In steps 1 to 3, the record was written to a backlog and read by a drain.
/// <see cref="DeliverAsync"/> runs the other steps:
/// <list type="number">
/// <item value="4">Resolve: finds the ids of the objects that the record names, and the object of its key. A record whose name matches no object or several objects is quarantined.</item>
/// <item value="5">Render: makes a request from the record. A record that cannot be rendered is quarantined.</item>
/// <item value="6">Send: waits for earlier records of the target, verifies an earlier call that may have arrived, writes the start to the journal, and sends the request.</item>
/// <item value="7">Settle: <see cref="Decision"/> chooses the next step for the answer, and <see cref="Settlement"/> writes it.</item>
/// </list>
/// </summary>
/// <param name="end">Called when the destination is paused. The lane then begins no further records.</param>
/// <param name="begin">Fires when no further record of the destination may begin its calls.</param>
internal sealed class RecordDelivery(
    Destination destination, DrainScope drain, Journal journal, CursorTracker tracker, DestinationHealth health, CallSender sender, Settlement settlement, Linking? linking, Action end, CancellationToken begin)
{
    /// <summary>Completes when the records are finished or postponed, or when they are left unchanged for another drain.</summary>
    public async Task DeliverAsync(PendingCall call)
    {
        Task messages;
        using (var turn = drain.Order.Enter(call.Target))
        {
            messages = await UnlessLeftAsync(call, async () =>
            {
                // Calls to one target keep backlog order. A record does not overtake an earlier one that was postponed.
                call.IsWaiting = turn.Before.IsCompleted;
                await turn.Before.WaitAsync(begin);
                if (Front(call) is { } front) return PostponeBehindAsync(call, front);

                // Step 4: resolve. The lane has resolved the record, because the target depends on the ids.
                if (call.IsUnchanged) return linking!.UnchangedAsync([call.First]);
                if (call.First.Resolution is Resolution.Refused refused) return settlement.QuarantineUnsentAsync(call.First.Record, call.First.Line, refused.Failures[0].Kind, Reason(call, refused.Failures));
                if (call.First.Resolution is Resolution.Unavailable unavailable) return await SettleAsync(call, await ResultOfLookupAsync(call, unavailable.Answer));

                // Step 5: render. The lane has rendered the record, because batches are formed from rendered requests.
                if (call.Request is null) return settlement.QuarantineUnsentAsync(call.First.Record, call.First.Line, "invalid", Reason(call, call.First.Rendered.Problems));

                // The adopted object already equals the record.
                if (call.First.Prepared?.AsListed is { } listed) return await SettleAsync(call, DeliveryResult.OfListed(listed));

                // An earlier call may have arrived. A create is verified. Any other call is repeated only after the earlier one can no longer take effect.
                if (call.MayHaveArrived && await VerifyAsync(call) is { } known) return await SettleAsync(call, known);

                // The journal records the start of the call before the request is sent.
                await StartAsync(call);

                // Step 6: send. Step 7: settle.
                return await SettleAsync(call, await SendAsync(call));
            });
        }

        await messages;
    }

    /// <summary>Runs a delivery. If the record may no longer begin its calls, it stays in the backlog as if it had not been read.</summary>
    private async Task<Task> UnlessLeftAsync(PendingCall call, Func<Task<Task>> deliver)
    {
        try
        {
            return await deliver();
        }
        catch (OperationCanceledException) when (begin.IsCancellationRequested)
        {
            // If a request is in flight, its outcome is unknown, and the journal keeps the stage Started.
            if (!call.IsUnderWay)
                foreach (var record in call.Records.Where(record => record.State.Stage == Stage.Started))
                    journal.Add(LineOf(record, record.State = record.State with { Stage = Stage.Waiting, FirstSentAt = record.State.MayHaveArrived ? record.State.FirstSentAt : null }));
            return Task.CompletedTask;
        }
        finally
        {
            call.IsWaiting = false;
        }
    }

    private Task PostponeBehindAsync(PendingCall call, RecordState front) =>
        settlement.PostponeAsync([.. call.Records.Select(record => (record, Decision.Behind(record.State, front, drain.Time.GetUtcNow())))], call.Target, null);

    private RecordState? Front(PendingCall call) => call.Target is { } target ? journal.Memory.Front(target, call.First.Sequence) : null;

    /// <returns>The result of an earlier call; null if the record must be sent.</returns>
    private async Task<DeliveryResult?> VerifyAsync(PendingCall call)
    {
        if (call.Destination.Repeat == Repeat.Neither) return new DeliveryResult(AnswerKind.Unanswered, DeliveryResult.NothingKnown);
        var wait = call.Records.Max(record => record.State.LastSentAt) + Decision.TakesEffectWithin - drain.Time.GetUtcNow();
        call.IsWaiting = false;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait.Value < Decision.TakesEffectWithin ? wait.Value : Decision.TakesEffectWithin, drain.Time, begin);
        }

        if (call.Destination.Repeat == Repeat.Repeatable) return null;
        var (now, state) = (drain.Time.GetUtcNow(), call.First.State);
        var (found, answer) = await drain.Verification.FindAsync(
            call.Destination, call.Request!, state.FirstSentAt ?? now, state.LastSentAt ?? now, id => linking?.IsTaken(call.First, id) != true && drain.TryClaim(journal, id, call.First.Record.Key), () => drain.KeyCheck.UserIdAsync(CallAsync), CallAsync, begin);
        if (found == true) return new DeliveryResult(AnswerKind.Delivered, answer) { Verified = true };
        if (found is null)
        {
            var result = await ResultOfAsync(call, answer);
            return result with { Answer = result.Answer == AnswerKind.Delivered ? AnswerKind.Unanswered : result.Answer, IsOfVerification = true };
        }

        call.First.State = state with { MayHaveArrived = false, FirstSentAt = null };
        return null;

        Task<CallResult> CallAsync(RenderedRequest request) => sender.CallAsync(call, request);
    }

    private async Task StartAsync(PendingCall call)
    {
        var now = drain.Time.GetUtcNow();
        foreach (var record in call.Records)
            record.State = record.State with { Stage = Stage.Started, FirstSentAt = record.State.FirstSentAt ?? now, LastSentAt = now, HashOfKey = call.HashOfKey };
        await journal.AppendAsync([.. call.Records.Select(record => LineOf(record, record.State))]);
        // The append may have read a late line of a former gate holder that already decided about the record. In this case the lane reads the backlog again.
        if (call.Records.Any(record => journal.Memory.Find(record.Record.Key)?.State is not { Stage: Stage.Started } state || state.Attempt != record.State.Attempt)) throw new OutdatedException();
    }

    private async Task<DeliveryResult> SendAsync(PendingCall call)
    {
        try
        {
            if (call.First.Prepared?.First is { } first && await CallAsync(first) is { IsSuccess: false } refused) return await ResultOfAsync(call, refused) with { Sent = first };
            var (request, stopped) = call.First.Prepared is { IsMerged: true } ? (call.Request!, null) : await CallSequence.PrepareAsync(call.Destination, call.Request!, CallAsync);
            var answer = stopped ?? await CallAsync(request);
            return await Gone.IsAsync(call.Destination, call.Request!, answer, CallAsync, isOfRead: request.Method == HttpMethod.Get) switch
            {
                // The object of the key was deleted in Clockify. The link of the key decides the next step.
                true when call.First.Prepared is { Change: Change.Updated or Change.Restored or Change.Adopted } => new DeliveryResult(AnswerKind.Gone, answer),
                true => new DeliveryResult(AnswerKind.Delivered, answer) { Verified = true, WasGone = true },
                null => new DeliveryResult(AnswerKind.NotApplied, answer),
                _ => Outdated(call, await ResultOfAsync(call, answer)) with { Sent = call.IsBatch ? null : request },
            };
        }
        catch (Exception fault) when (OwnFault.Is(fault))
        {
            // An error of this app with one record or its answer must not stop every drain at that record.
            return new DeliveryResult(AnswerKind.Unanswered, new CallResult(0, "", null, null, OwnFault.Reason(fault), true, TimeSpan.Zero));
        }

        Task<CallResult> CallAsync(RenderedRequest request) => sender.CallAsync(call, request);
    }

    private async Task<DeliveryResult> ResultOfAsync(PendingCall call, CallResult answer)
    {
        var (outcome, code, refusesKey) = ResponseClassifier.Classify(answer);
        var meaning = refusesKey ? await drain.KeyCheck.AskAsync(request => sender.CallAsync(call, request))
            : outcome switch { Outcome.Delivered => AnswerKind.Delivered, Outcome.Rejected => AnswerKind.Rejected, Outcome.Failed => AnswerKind.NotApplied, _ => AnswerKind.Unanswered };
        return new DeliveryResult(meaning, answer) { Code = code };
    }

    /// <summary>Gets the result for a record whose list could not be read. The failed lookup says nothing about the record and changes nothing in Clockify.</summary>
    private async Task<DeliveryResult> ResultOfLookupAsync(PendingCall call, CallResult answer)
    {
        var result = await ResultOfAsync(call, answer);
        call.HasBegun = true;
        return result.Answer is AnswerKind.Delivered or AnswerKind.Unanswered ? result with { Answer = AnswerKind.NotApplied } : result;
    }

    /// <summary>
    /// Checks whether a refusal may be caused by old ids. Clockify uses error code 501, among other cases, if an object does not belong to the workspace.
    /// Only objects that were found by name are looked up again, not ids that the record itself contains.
    /// </summary>
    private DeliveryResult Outdated(PendingCall call, DeliveryResult result)
    {
        var usesOldIds = result is { Answer: AnswerKind.Rejected, Result.Status: 400, Code: 501 } && !call.IsBatch && call.First.Resolution is Resolution.Ready ready && drain.Lists.LookUpAgain(ready.Used);
        return usesOldIds || linking?.IsOutdated(call, result) == true ? result with { Answer = AnswerKind.Outdated } : result;
    }

    /// <returns>A task that completes when the broker has accepted the messages of the records.</returns>
    private async Task<Task> SettleAsync(PendingCall call, DeliveryResult result)
    {
        var now = drain.Time.GetUtcNow();
        if (result.Answer == AnswerKind.Delivered && linking?.NamesNoObject(call, result) == true) result = result with { Answer = AnswerKind.Unanswered };
        if (result.Answer is AnswerKind.Delivered or AnswerKind.Rejected or AnswerKind.Gone or AnswerKind.NoRight or AnswerKind.Outdated && !result.Verified) health.Answered();
        else if (result.Answer is AnswerKind.NotApplied or AnswerKind.Unanswered && call.HasBegun) health.Failed(call.First.Record.Key, now);
        if (health.IsPaused(now)) end();
        var when = new Circumstances(
            call.Destination.Repeat, result.IsOfVerification || call.Destination.Endpoint is { EndsWhatItFinds: true }, call.IsBatch, destination.GiveUpAfter, tracker.Cursor.LastDeliveredAt);
        var decided = call.Records.Select(record => (Record: record, Decision: Decision.Of(record.State, result.Answer, when, now, drain.Random.NextDouble()))).ToArray();
        switch (decided[0].Decision)
        {
            case Decision.Deliver:
                OwnWrites.Note(drain.Lists, call.Destination, call.Request!, result.Result);
                // The link is durable before the outcome. A record whose link is durable is not sent again.
                if (linking is not null) await linking.LinkAsync(call, result);
                return settlement.DeliverAsync(call.Records, result);
            case Decision.Halve:
                return await HalveAsync(call);
            case Decision.Suspend:
                drain.Gate.Suspend(AnswerText.DescribeRefusedKey(result.Result.Status, result.Code));
                throw new OperationCanceledException();
        }

        if (result.Answer == AnswerKind.Gone) await linking!.UnlinkAsync(call);
        var messages = new List<Task>();
        foreach (var group in decided.Where(one => one.Decision is Decision.Quarantine).GroupBy(one => ((Decision.Quarantine)one.Decision).Outcome))
            messages.Add(call.Request is null
                ? settlement.QuarantineUnsentAsync(call.First.Record, call.First.Line, ResponseMessages.NameOf(group.Key), Reason(call, [AnswerText.Describe(result.Result)]))
                : await settlement.QuarantineAsync([.. group.Select(one => one.Record)], group.Key, result));
        if (decided.Where(one => one.Decision is Decision.Postpone).ToArray() is { Length: > 0 } postponed)
            messages.Add(settlement.PostponeAsync([.. postponed.Select(one => (one.Record, ((Decision.Postpone)one.Decision).State))], call.Target, result));
        return Task.WhenAll(messages);
    }

    /// <summary>
    /// Sends each half in order, and divides refused halves until the refused record is alone. Both halves keep the turn of the batch in the queue
    /// of its target.
    /// </summary>
    private async Task<Task> HalveAsync(PendingCall batch)
    {
        var messages = new List<Task>();
        foreach (var half in batch.Halves(destination))
            messages.Add(await UnlessLeftAsync(half, async () => Front(half) is { } front ? PostponeBehindAsync(half, front) : await SettleAsync(half, await SendAsync(half))));
        return Task.WhenAll(messages);
    }

    private static JournalLine LineOf(PendingRecord record, RecordState state) => new(record.Record.Key, record.Line.End, state);

    private static string Reason(PendingCall call, IEnumerable<object> problems)
    {
        var reason = string.Join(" ", problems);
        return call.MayHaveArrived ? $"{reason} An earlier call for it may have taken effect: check in Clockify." : reason;
    }

    /// <summary>The journal contains a newer state of the record than the lane read.</summary>
    internal sealed class OutdatedException : Exception;
}
