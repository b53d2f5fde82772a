using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.References;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// Step 7 for one destination. The outcome of a record is written in three steps: a journal line, a message that the broker accepts, and the cursor.
/// If a process ends between these steps, the next process reads the record again and sends its message again with the same id.
/// </summary>
internal sealed class Settlement(Destination destination, Journal journal, CursorTracker tracker, DrainScope drain)
{
    private const string TooLarge = "the records queue does not accept a message of this size, so the record cannot be tried again later";

    /// <summary>Settles delivered records. The outcome needs no append of its own: if it is lost in a crash, verification finds the created object.</summary>
    /// <returns>A task that completes when the broker has accepted the events.</returns>
    public Task DeliverAsync(IReadOnlyList<PendingRecord> records, DeliveryResult result)
    {
        Count(records.Count, ResponseMessages.NameOf(Outcome.Delivered));
        if (!result.Verified) tracker.NoteDelivery(drain.Time.GetUtcNow());
        return FinishAsync(records, Stage.Delivered, Outcome.Delivered, result, JsonPeek.Text(result.Result.Body.Utf8, "id"));
    }

    /// <inheritdoc cref="DeliverAsync"/>
    public async Task<Task> QuarantineAsync(IReadOnlyList<PendingRecord> records, Outcome outcome, DeliveryResult result)
    {
        var kind = ResponseMessages.NameOf(outcome);
        Count(records.Count, kind);
        var reason = AnswerText.Describe(result.Result) + (outcome == Outcome.Unknown ? " The call may have taken effect: look in Clockify. If it has not, replay the record." : "");
        await drain.Quarantine.AddAsync(destination.Id, [.. records.Select(record => EntryOf(record.Record, kind, reason) with { Call = CallOf(record, outcome, result) })], CancellationToken.None);
        return FinishAsync(records, Stage.Quarantined, outcome, result, null);
    }

    /// <summary>Quarantines a record that was not sent. It has no call, so it gets no response event.</summary>
    public async Task QuarantineUnsentAsync(BacklogRecord record, CursorTracker.Line line, string kind, string reason)
    {
        await QuarantineLineAsync(line, EntryOf(record, kind, reason), () => journal.Add(new JournalLine(record.Key, line.End, new RecordState(Stage.Quarantined))));
    }

    /// <summary>Quarantines a line that is not a record of this destination. The entry has its own id, so that it does not replace the entry of a record.</summary>
    public async Task QuarantineLineAsync(CursorTracker.Line line, QuarantineEntry entry, Action? noted = null)
    {
        NoteError(entry.Reason);
        Count(1, entry.Kind);
        await drain.Quarantine.AddAsync(destination.Id, [entry], CancellationToken.None);
        noted?.Invoke();
        tracker.Settle(line, Finish.Quarantined);
    }

    /// <summary>
    /// Postpones records. The journal line is in memory before this method returns, so that later records of the target wait. The line is durable before
    /// the broker receives the copy of the record.
    /// </summary>
    /// <param name="result">Null if no call was made.</param>
    public async Task PostponeAsync(IReadOnlyList<(PendingRecord Record, RecordState State)> postponed, ulong? target, DeliveryResult? result)
    {
        foreach (var (record, state) in postponed)
            record.State = state with { Sequence = record.Sequence, Target = target, Digest = state.Digest ?? record.Record.Digest() };
        await journal.AppendAsync([.. postponed.Select(one => new JournalLine(one.Record.Record.Key, one.Record.Line.End, one.Record.State))]);
        await Task.WhenAll(postponed.Select(async one =>
        {
            if (await SendCopyAsync(one.Record.Record, one.Record.Line, one.Record.State)) return;
            if (one.Record.Rendered.Request is null)
            {
                await QuarantineUnsentAsync(one.Record.Record, one.Record.Line, "failed", $"Not tried again: {TooLarge}.");
                return;
            }

            await await QuarantineAsync([one.Record], one.State.MayHaveArrived ? Outcome.Unknown : Outcome.Failed, result ?? new DeliveryResult(AnswerKind.NotApplied, DeliveryResult.NothingKnown with { Error = TooLarge }));
        }));
    }

    /// <summary>Sends the message of a record again. The journal contains the outcome of the record, but the broker may not have accepted its message.</summary>
    public async Task SendAgainAsync(BacklogRecord record, CursorTracker.Line line, JournalEntry entry)
    {
        if (!entry.State.IsFinished)
        {
            if (!await SendCopyAsync(record, line, entry.State)) await QuarantineUnsentAsync(record, line, "failed", $"Not tried again: {TooLarge}.");
        }
        else if (entry.Event is not { } response || await IsAcceptedAsync(drain.Queues.Responses, ResponseMessages.ToMessage(response)) is not null)
        {
            Settle(record.Key, line, entry.State.Stage);
        }
    }

    /// <summary>Stores the last error of the destination for the console.</summary>
    public void NoteError(string error) => tracker.NoteError(new LastError(drain.Time.GetUtcNow(), AnswerText.Shorten(error, AnswerText.MostOfALastError)));

    private Task FinishAsync(IReadOnlyList<PendingRecord> records, Stage stage, Outcome outcome, DeliveryResult result, string? entityId) =>
        records is [var only] ? FinishAsync(only, stage, outcome, result, entityId) : Task.WhenAll(records.Select(record => FinishAsync(record, stage, outcome, result, entityId)));

    /// <summary>Adds the outcome to the journal and passes the event to the sender before it returns, so that events of one object keep their order.</summary>
    private async Task FinishAsync(PendingRecord pending, Stage stage, Outcome outcome, DeliveryResult result, string? entityId)
    {
        var record = pending.Record;
        // The event belongs to the trace of its record, even if this app records no traces itself.
        using var span = destination.Responses ? Spans.Send(Queues.ResponsesName, record.Trace) : null;
        var message = destination.Responses ? ResponseMessages.ToMessage(CallOf(pending, outcome, result), record.Key, drain.Time.GetUtcNow(), TraceContext.Of(span) ?? record.Trace) : null;
        journal.Add(new JournalLine(record.Key, pending.Line.End, new RecordState(stage), entityId, message is null ? null : new RawJson(message.Body.ToMemory())));
        if (message is null || await IsAcceptedAsync(drain.Queues.Responses, message) is not null) Settle(record.Key, pending.Line, stage, pending.Rendered.Problems.Count > 0, stage == Stage.Delivered ? pending.Prepared?.Change : null);
    }

    /// <returns>False if the queue does not accept a message of this size.</returns>
    private async Task<bool> SendCopyAsync(BacklogRecord record, CursorTracker.Line line, RecordState state)
    {
        var accepted = await IsAcceptedAsync(drain.Queues.Records, PostponedCopy.ToMessage(record, destination.Id, state.Attempt, state.MayHaveArrived, state.Due!.Value));
        if (accepted == true) Settle(record.Key, line, Stage.Postponed);
        return accepted != false;
    }

    private void Settle(string key, CursorTracker.Line line, Stage stage, bool hasWarnings = false, Change? change = null)
    {
        journal.Memory.Accepted(key);
        tracker.Settle(line, stage switch { Stage.Delivered => Finish.Delivered, Stage.Quarantined => Finish.Quarantined, _ => Finish.Passed }, hasWarnings, change);
    }

    /// <returns>Null if the broker did not accept the message in time; the next drain sends it again. False if the message is too large.</returns>
    public async Task<bool?> IsAcceptedAsync(QueueSender queue, ServiceBusMessage message)
    {
        try
        {
            await queue.SendAsync(message, drain.GiveUp);
            return true;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (ServiceBusException refused) when (refused.Reason == ServiceBusFailureReason.MessageSizeExceeded)
        {
            drain.Log.LogError("Message {Message} has {Size} bytes, which its queue does not take.", message.MessageId, message.Body.ToMemory().Length);
            return false;
        }
    }

    private void Count(int records, string outcome) => Instruments.Records.Add(records, new(Instruments.Destination, destination.Id), new(Instruments.OutcomeName, outcome));

    private QuarantineEntry EntryOf(BacklogRecord record, string kind, string reason) =>
        new(record.Id, record.MessageId, destination.Id, drain.Time.GetUtcNow(), kind, reason, Record: record.Body.ToElement(), Replay: record.Replay) { Run = record.Run, Operation = record.Operation };

    private ResponseEvent.Call CallOf(PendingRecord pending, Outcome outcome, DeliveryResult result) =>
        ResponseMessages.CallOf(
            destination.Id, pending.Record.Id, pending.Record.MessageId, outcome, result.Sent ?? pending.Rendered.Request!, result.Result,
            pending.State.Failures + (result.IsOfVerification || pending.Prepared?.AsListed is not null ? 0 : 1), result.Verified, pending.Rendered.Problems) with
        {
            Resolved = NamesOf(pending),
            Change = pending.Prepared is null ? null : ResponseMessages.NameOf(pending.Prepared.Change.ToString()),
            Key = pending.Keyed?.Row?.Key,
            ObjectId = pending.ObjectId.IsNone ? null : pending.ObjectId.ToString(),
        };

    /// <summary>The names that Clockify writes differently than the record; null if there are none.</summary>
    private static Dictionary<string, ResponseEvent.Name>? NamesOf(PendingRecord pending) =>
        pending.Resolution is Resolution.Ready { Notes: { Count: > 0 } notes } ? notes.ToDictionary(note => note.Reference, note => new ResponseEvent.Name(note.Said, note.Is, note.Id)) : null;
}
