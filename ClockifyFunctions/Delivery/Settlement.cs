using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

using ClockifyFunctions.Journaling;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// Step 7 for one destination. What became of a record is: a line of the journal, a message that the broker has accepted, and then the cursor,
/// which passes the record. If a process ends in between, the next one reads the record again and sends its message again, with the same id.
/// </summary>
/// <param name="giveUp">Fires when the drain waits for the broker no longer.</param>
internal sealed class Settlement(Destination destination, Journal journal, CursorTracker tracker, QuarantineStore quarantine, Queues queues, TimeProvider time, ILogger log, CancellationToken giveUp)
{
    /// <summary>The outcome needs no append of its own: until it is durable, verification finds what the record made.</summary>
    /// <returns>Ends when the broker has the events.</returns>
    public Task DeliverAsync(IReadOnlyList<PendingRecord> records, DeliveryResult result)
    {
        Count(records.Count, "delivered");
        if (!result.Verified) tracker.NoteDelivery(time.GetUtcNow());
        var entityId = JsonPeek.Text(result.Result.Body.Utf8, "id");
        return FinishAsync(records, Outcome.Delivered, Stage.Delivered, result, entityId);
    }

    /// <inheritdoc cref="DeliverAsync"/>
    public async Task<Task> QuarantineAsync(IReadOnlyList<PendingRecord> records, Outcome outcome, DeliveryResult result)
    {
        var name = DeliveryResult.NameOf(outcome);
        Count(records.Count, name);
        var reason = ReasonOf(outcome, result);
        await quarantine.AddAsync(destination.Id, [.. records.Select(record => EntryOf(record.Record, name, reason) with { Call = CallOf(record, outcome, result) })], CancellationToken.None);
        return FinishAsync(records, outcome, Stage.Quarantined, result, null);
    }

    /// <summary>For a record that is not sent. There is no call, so there is no response event.</summary>
    public async Task QuarantineUnsentAsync(PendingRecord record, string kind, string reason)
    {
        await QuarantineAsync(EntryOf(record.Record, kind, reason));
        journal.Add(new JournalLine(record.Record.Key, record.Line.End, new RecordState(Stage.Quarantined)));
        tracker.Settle(record.Line, Finish.Quarantined);
    }

    /// <summary>For a line that is no record of this destination. It has an id of its own, so that it takes no record's place.</summary>
    public async Task QuarantineLineAsync(CursorTracker.Line line, QuarantineEntry entry)
    {
        await QuarantineAsync(entry);
        tracker.Settle(line, Finish.Quarantined);
    }

    /// <summary>
    /// The journal line is noted before this returns, so that later records of the target wait behind this one, and durable before the broker
    /// gets the copy.
    /// </summary>
    public async Task PostponeAsync(IReadOnlyList<(PendingRecord Record, RecordState State)> postponed, ulong? target, DeliveryResult? result)
    {
        foreach (var (record, state) in postponed)
            record.State = state with { Sequence = record.Sequence, Target = target, Digest = state.Digest ?? record.Record.Digest() };
        await journal.AppendAsync([.. postponed.Select(one => new JournalLine(one.Record.Record.Key, one.Record.Line.End, one.Record.State))]);
        await Task.WhenAll(postponed.Select(async one =>
        {
            if (await SendCopyAsync(one.Record.Record, one.Record.Line, one.Record.State)) return;
            var outcome = one.State.MayHaveArrived ? Outcome.Unknown : Outcome.Failed;
            var failed = result ?? new DeliveryResult(Answer.NotApplied, DeliveryResult.NothingKnown with { Error = "the records queue takes no message of this size, so the record cannot be tried again later" });
            await await QuarantineAsync([one.Record], outcome, failed);
        }));
    }

    /// <summary>The journal has what became of a record, and its message may be missing.</summary>
    public async Task SendAgainAsync(BacklogRecord record, CursorTracker.Line line, JournalEntry entry)
    {
        if (!entry.State.IsFinished)
        {
            if (!await SendCopyAsync(record, line, entry.State)) await QuarantineUnsentAsync(new PendingRecord(record, line, entry.State, default), "failed", "The records queue takes no message of this size, so the record could not be tried again.");
            return;
        }

        var message = entry.Event is { } response ? ToMessage(JsonSerializer.Deserialize(response.Utf8.Span, ResponsesJson.Web.ResponseEvent)!, response.Utf8.ToArray()) : null;
        if (message is null || await IsAcceptedAsync(queues.Responses, message) is not null) Settle(record.Key, line, entry.State.Stage);
    }

    /// <summary>For people who look at the destination.</summary>
    public void NoteError(string error) => tracker.NoteError(new LastError(time.GetUtcNow(), AnswerText.Shorten(error, AnswerText.MostOfALastError)));

    private Task FinishAsync(IReadOnlyList<PendingRecord> records, Outcome outcome, Stage stage, DeliveryResult result, string? entityId) =>
        records is [var only] ? FinishAsync(only, outcome, stage, result, entityId) : Task.WhenAll(records.Select(record => FinishAsync(record, outcome, stage, result, entityId)));

    /// <summary>Notes the outcome and hands the event over before it returns, so that events of one object keep their order.</summary>
    private async Task FinishAsync(PendingRecord record, Outcome outcome, Stage stage, DeliveryResult result, string? entityId)
    {
        // The event belongs to the trace of its record, even where only others trace.
        using var span = destination.Responses ? Spans.Send(Queues.ResponsesName, record.Record.Trace) : null;
        var message = destination.Responses ? ToMessage(EventOf(record.Record, CallOf(record, outcome, result), TraceContext.Of(span) ?? record.Record.Trace)) : null;
        journal.Add(new JournalLine(record.Record.Key, record.Line.End, new RecordState(stage), entityId, message is null ? null : new RawJson(message.Body.ToMemory())));
        if (message is not null && await IsAcceptedAsync(queues.Responses, message) is not { }) return;
        Settle(record.Record.Key, record.Line, stage);
    }

    /// <returns>False if the queue takes no message of this size.</returns>
    private async Task<bool> SendCopyAsync(BacklogRecord record, CursorTracker.Line line, RecordState state)
    {
        var accepted = await IsAcceptedAsync(queues.Records, PostponedCopy.ToMessage(record, destination.Id, state.Attempt, state.MayHaveArrived, state.Due!.Value));
        if (accepted == false) return false;
        if (accepted == true) Settle(record.Key, line, Stage.Postponed);
        return true;
    }

    private void Settle(string key, CursorTracker.Line line, Stage stage)
    {
        journal.Memory.Accepted(key);
        tracker.Settle(line, stage switch { Stage.Delivered => Finish.Delivered, Stage.Quarantined => Finish.Quarantined, _ => Finish.Passed });
    }

    /// <returns>Null if the broker did not accept the message in time: the next drain sends it again. False if it is too large.</returns>
    private async Task<bool?> IsAcceptedAsync(QueueSender queue, ServiceBusMessage message)
    {
        try
        {
            await queue.SendAsync(message, giveUp);
            return true;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (ServiceBusException refused) when (refused.Reason == ServiceBusFailureReason.MessageSizeExceeded)
        {
            log.LogError("Message {Message} has {Size} bytes, which its queue does not take.", message.MessageId, message.Body.ToMemory().Length);
            return false;
        }
    }

    private Task QuarantineAsync(QuarantineEntry entry)
    {
        NoteError(entry.Reason);
        Count(1, entry.Kind);
        return quarantine.AddAsync(destination.Id, [entry], CancellationToken.None);
    }

    private void Count(int records, string outcome) => Instruments.Records.Add(records, new(Instruments.Destination, destination.Id), new(Instruments.OutcomeName, outcome));

    private QuarantineEntry EntryOf(BacklogRecord record, string kind, string reason) =>
        new(record.Id, record.MessageId, destination.Id, time.GetUtcNow(), kind, reason, Record: record.Body.ToElement(), Replay: record.Replay);

    private ResponseEvent.Call CallOf(PendingRecord record, Outcome outcome, DeliveryResult result)
    {
        var sent = result.Sent ?? record.Rendered.Request!;
        var request = new Utf8Text(sent.Body).Cut(ResponseEvent.MaxBody, out var requestIsCut);
        var response = result.Result.Body.Cut(ResponseEvent.MaxBody, out var responseIsCut);
        return new ResponseEvent.Call(
            destination.Id, record.Record.Id, record.Record.MessageId, DeliveryResult.NameOf(outcome), record.State.Failures + (result.IsOfVerification ? 0 : 1), result.Verified,
            new ResponseEvent.RequestPart(sent.Method.Method, sent.Url.AbsoluteUri, request, requestIsCut ? true : null),
            new ResponseEvent.ResponsePart(
                result.Result.Status, result.Result.ContentType, response, result.Result.Error, Math.Round(result.Result.Duration.TotalMilliseconds, 1), responseIsCut ? true : null));
    }

    private ResponseEvent EventOf(BacklogRecord record, ResponseEvent.Call call, TraceContext? trace) =>
        new($"{destination.Id}/{record.Key}", $"/destinations/{destination.Id}", $"clockify.call.{call.Outcome}", record.Id, time.GetUtcNow(), call)
        {
            TraceParent = trace?.Parent,
            TraceState = trace?.State,
        };

    /// <param name="encoded">As the journal has it; otherwise it is encoded here, once for the journal and for the queue.</param>
    private static ServiceBusMessage ToMessage(ResponseEvent response, byte[]? encoded = null)
    {
        var message = new ServiceBusMessage(encoded ?? JsonSerializer.SerializeToUtf8Bytes(response, ResponsesJson.Web.ResponseEvent))
        {
            MessageId = response.Id,
            ContentType = "application/cloudevents+json",
            ApplicationProperties = { ["destination"] = response.Data.Destination, ["outcome"] = response.Data.Outcome },
        };
        TraceContext.From(response.TraceParent, response.TraceState)?.AddTo(message.ApplicationProperties);
        return message;
    }

    private static string ReasonOf(Outcome outcome, DeliveryResult result)
    {
        var reason = AnswerText.Describe(result.Result);
        return outcome == Outcome.Unknown ? $"{reason} The call may have taken effect: look in Clockify. If it has not, replay the record." : reason;
    }
}
