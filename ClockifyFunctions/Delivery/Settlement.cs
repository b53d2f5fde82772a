using System.Diagnostics;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Delivery;

/// <summary>Step 7: what happens once the outcome of a record is known.</summary>
internal sealed class Settlement(QuarantineStore quarantine, Queues queues, TimeProvider time, ILogger<Settlement> log)
{
    /// <summary>
    /// Quarantine, journal, and with <see cref="FinishAsync(IReadOnlyList{Noted}, CancellationToken)"/> response events; only then may the cursor
    /// pass: whatever dies in between, nothing is lost, and what is repeated carries the same ids. The records of a batch are all noted before
    /// any event is waited for. What is waited with is small, for where the broker is slow, many wait.
    /// </summary>
    public async ValueTask<IReadOnlyList<Noted>> NoteAsync(IReadOnlyList<PendingRecord> records, DeliveryResult result)
    {
        var (destination, isDelivered) = (records[0].Lane.Destination, result.Outcome == Outcome.Delivered);
        Instruments.Records.Add(records.Count, new(Instruments.Destination, destination.Id), new(Instruments.OutcomeName, result.OutcomeName));
        ResponseEvent.Call[] calls = isDelivered && !destination.Responses ? [] : [.. records.Select(record => record.ToCall(result))];
        if (!isDelivered) await quarantine.AddAsync(destination.Id, [.. records.Zip(calls, (record, call) => EntryOf(record, call, result))], CancellationToken.None);
        var entityId = isDelivered ? JsonPeek.Text(result.Result.Body.Utf8, "id") : null;
        var noted = new Noted[records.Count];
        for (var index = 0; index < noted.Length; index++) noted[index] = Note(records[index], destination.Responses ? calls[index] : null, isDelivered, entityId);
        return noted;
    }

    public Task FinishAsync(IReadOnlyList<Noted> noted, CancellationToken giveUp) =>
        noted is [var only] ? FinishAsync(only, giveUp) : Task.WhenAll(noted.Select(one => FinishAsync(one, giveUp)));

    /// <summary>A record that an earlier process finished: its event may have been lost with that process.</summary>
    public Task EmitAgainAsync(Lane.DoneRecord done, CancellationToken giveUp)
    {
        var message = done.Outcome.Event is { } owed ? ToMessage(JsonSerializer.Deserialize(owed.Utf8.Span, ResponsesJson.Web.ResponseEvent)!, owed.Utf8.ToArray()) : null;
        return FinishAsync(new Noted(done.Lane, done.Outcome.Id, done.Place, done.Outcome.Kind == JournalKind.Delivered ? Finish.Delivered : Finish.Quarantined, message, null), giveUp);
    }

    private Noted Note(PendingRecord pending, ResponseEvent.Call? call, bool isDelivered, string? entityId)
    {
        var (lane, record) = (pending.Lane, pending.Record);
        // The event belongs to the trace of its record, even where only others trace.
        var span = call is null ? null : Spans.Send(Queues.ResponsesName, record.Trace);
        var message = call is null ? null : ToMessage(EventOf(pending, call, TraceContext.Of(span) ?? record.Trace));
        lane.Journal.Add(new JournalEntry(record.Key, isDelivered ? JournalKind.Delivered : JournalKind.Quarantined, pending.Place.Next, entityId, message is null ? null : new RawJson(message.Body.ToMemory())));
        return new Noted(lane, record.Key, pending.Place, isDelivered ? Finish.Delivered : Finish.Quarantined, message, span);
    }

    /// <summary>Where the broker does not take the event in time, the journal has it, and the next drain emits it.</summary>
    private async Task FinishAsync(Noted one, CancellationToken giveUp)
    {
        using var span = one.Span;
        if (one.Event is { } response && !await IsTakenAsync(one.Lane.Load, response, giveUp)) return;
        one.Lane.Journal.Emitted(one.Key);
        one.Lane.Settle(one.Place, one.How);
    }

    private async Task<bool> IsTakenAsync(LaneLoad load, ServiceBusMessage response, CancellationToken giveUp)
    {
        load.EventWaits();
        try
        {
            await queues.Responses.SendAsync(response, giveUp);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (ServiceBusException refused) when (refused.Reason == ServiceBusFailureReason.MessageSizeExceeded)
        {
            // It would be refused again and again, and the key's records would wait for it.
            log.LogError("Response event {Event} has {Size} bytes, which the broker refuses; it is left out.", response.MessageId, response.Body.ToMemory().Length);
            return true;
        }
        finally
        {
            load.EventWaitsNoMore();
        }
    }

    private QuarantineEntry EntryOf(PendingRecord pending, ResponseEvent.Call call, DeliveryResult result) =>
        new(
            pending.Record.Id, pending.Record.MessageId, pending.Lane.Destination.Id, time.GetUtcNow(), result.OutcomeName,
            ReasonOf(result), Record: pending.Record.Body.ToElement(), Call: call, Replay: pending.Record.Replay);

    private ResponseEvent EventOf(PendingRecord pending, ResponseEvent.Call call, TraceContext? trace) =>
        new($"{pending.Lane.Destination.Id}/{pending.Record.Key}", $"/destinations/{pending.Lane.Destination.Id}", $"clockify.call.{call.Outcome}", pending.Record.Id, time.GetUtcNow(), call)
        {
            TraceParent = trace?.Parent,
            TraceState = trace?.State,
        };

    /// <param name="encoded">As the journal has it; else it is encoded here, once for the journal and for the queue.</param>
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

    private static string ReasonOf(DeliveryResult result)
    {
        var reason = result.Result.Error is { } error
            ? result.Result.Status == 0 ? $"No answer: {error}." : $"Not done: {error}."
            : $"Clockify answered {result.Result.Status}{(result.Code is { } code ? $" (code {code})" : "")}: {MessageOf(result.Result.Body)}";
        return result.Outcome == Outcome.Unknown ? $"{reason} It may have arrived: check in Clockify; if it has not, replay it." : reason;
    }

    private static string MessageOf(Utf8Text body)
    {
        var text = JsonPeek.Text(body.Utf8, "message") ?? body.ToString();
        return text.Length <= 500 ? text : text[..500];
    }

    /// <summary>An outcome that the journal has.</summary>
    /// <param name="Event">Null where the destination wants none, or the broker has it.</param>
    internal sealed record Noted(Lane Lane, string Key, CursorTracker.Entry Place, Finish How, ServiceBusMessage? Event, Activity? Span);
}
