using System.Text.Json;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Observability;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>Step 7: what happens once the outcome of a record is known.</summary>
internal sealed class Settlement(Quarantine quarantine, Queues queues, TimeProvider time)
{
    /// <summary>
    /// Quarantine, journal, response event, and only then may the cursor pass: whatever dies in between, nothing is lost, and
    /// what is repeated carries the same ids.
    /// </summary>
    public async Task SettleAsync(PendingRecord pending, DeliveryResult result, CancellationToken giveUp)
    {
        // The event belongs to the trace of its record, even where only others trace.
        using var span = Spans.Send(Queues.ResponsesName, pending.Record.Trace);
        var trace = TraceContext.Of(span) ?? pending.Record.Trace;
        var delivered = result.Outcome == Outcome.Delivered;
        var call = delivered && !pending.Lane.Destination.Responses ? null : pending.ToCall(result);
        var response = pending.Lane.Destination.Responses ? EventOf(pending, call!, trace) : null;
        // Encoded once, for the journal and for the queue.
        var encoded = response is null ? null : JsonSerializer.SerializeToUtf8Bytes(response, AppJson.Web.ResponseEvent);
        Instruments.Records.Add(1, new(Instruments.Destination, pending.Lane.Destination.Id), new(Instruments.OutcomeName, result.OutcomeName));
        if (!delivered)
        {
            await quarantine.AddAsync(
                pending.Lane.Destination.Id,
                [
                    new QuarantineEntry(
                        pending.Record.Id, pending.Record.MessageId, pending.Lane.Destination.Id, time.GetUtcNow(), result.OutcomeName,
                        ReasonOf(result), Record: pending.Record.Body.ToElement(), Call: call, Replay: pending.Record.Replay),
                ],
                CancellationToken.None);
        }

        pending.Lane.Journal.Add(new JournalEntry(
            pending.Record.Key, delivered ? JournalKind.Delivered : JournalKind.Quarantined, pending.Place.Next, EntityId(result), encoded is null ? null : new RawJson(encoded)));
        if (response is not null && !await EmitAsync(response, encoded!, giveUp)) return;
        pending.Lane.Journal.Emitted(pending.Record.Key);
        pending.Lane.Settle(pending.Place, delivered ? Finish.Delivered : Finish.Quarantined);
    }

    private ResponseEvent EventOf(PendingRecord pending, ResponseEvent.Call call, TraceContext? trace) =>
        new($"{pending.Lane.Destination.Id}/{pending.Record.Key}", $"/destinations/{pending.Lane.Destination.Id}", $"clockify.call.{call.Outcome}", pending.Record.Id, time.GetUtcNow(), call)
        {
            TraceParent = trace?.Parent,
            TraceState = trace?.State,
        };

    /// <summary>A record that an earlier process finished: its event may have been lost with that process.</summary>
    public async Task EmitAgainAsync(Lane.DoneRecord done, CancellationToken giveUp)
    {
        if (done.Outcome.Event is { } owed && !await EmitAsync(JsonSerializer.Deserialize(owed.Utf8.Span, AppJson.Web.ResponseEvent)!, owed.Utf8.ToArray(), giveUp)) return;
        done.Lane.Journal.Emitted(done.Outcome.Id);
        done.Lane.Settle(done.Place, done.Outcome.Kind == JournalKind.Delivered ? Finish.Delivered : Finish.Quarantined);
    }

    /// <summary>False when the broker did not take the event in time: the journal has it, and the next drain emits it.</summary>
    private async Task<bool> EmitAsync(ResponseEvent response, byte[] encoded, CancellationToken giveUp)
    {
        try
        {
            await queues.Responses.SendAsync(
                new OutgoingMessage(response.Id, encoded, "application/cloudevents+json")
                {
                    Properties =
                    [
                        new("destination", response.Data.Destination), new("outcome", response.Data.Outcome),
                        .. TraceContext.From(response.TraceParent, response.TraceState)?.ToProperties() ?? [],
                    ],
                },
                giveUp);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string ReasonOf(DeliveryResult result)
    {
        var reason = result.Result.Status == 0
            ? $"No answer: {result.Result.Error}."
            : $"Clockify answered {result.Result.Status}{(result.Code is { } code ? $" (code {code})" : "")}: {MessageOf(result.Result.Body)}";
        return result.Outcome == Outcome.Unknown ? $"{reason} It may have arrived: check in Clockify; if it has not, replay it." : reason;
    }

    private static string MessageOf(string body)
    {
        var text = Property(body, "message") ?? body;
        return text.Length <= 500 ? text : text[..500];
    }

    private static string? EntityId(DeliveryResult result) => result.Outcome == Outcome.Delivered ? Property(result.Result.Body, "id") : null;

    private static string? Property(string body, string name)
    {
        if (!body.StartsWith('{')) return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // Cut in the middle, or not JSON after all.
        }
    }
}
