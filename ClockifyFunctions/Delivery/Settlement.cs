using System.Diagnostics;
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
    /// Quarantine, journal, response events, and only then may the cursor pass: whatever dies in between, nothing is lost, and
    /// what is repeated carries the same ids. The records of a batch are all noted before any event is waited for.
    /// </summary>
    public async Task SettleAsync(IReadOnlyList<PendingRecord> records, DeliveryResult result, CancellationToken giveUp)
    {
        Settled[] settled = [.. records.Select(record => Prepare(record, result))];
        var (lane, delivered) = (records[0].Lane, result.Outcome == Outcome.Delivered);
        try
        {
            Instruments.Records.Add(records.Count, new(Instruments.Destination, lane.Destination.Id), new(Instruments.OutcomeName, result.OutcomeName));
            if (!delivered) await quarantine.AddAsync(lane.Destination.Id, [.. settled.Select(one => EntryOf(one, result))], CancellationToken.None);
            var entityId = EntityId(result);
            foreach (var one in settled)
                lane.Journal.Add(new JournalEntry(one.Pending.Record.Key, delivered ? JournalKind.Delivered : JournalKind.Quarantined, one.Pending.Place.Next, entityId, one.Encoded is null ? null : new RawJson(one.Encoded)));
            await Task.WhenAll(settled.Select(FinishAsync));
        }
        finally
        {
            foreach (var one in settled) one.Span?.Dispose();
        }

        async Task FinishAsync(Settled one)
        {
            if (one.Response is not null && !await EmitAsync(one.Response, one.Encoded!, giveUp)) return;
            lane.Journal.Emitted(one.Pending.Record.Key);
            lane.Settle(one.Pending.Place, delivered ? Finish.Delivered : Finish.Quarantined);
        }
    }

    private Settled Prepare(PendingRecord pending, DeliveryResult result)
    {
        // The event belongs to the trace of its record, even where only others trace.
        var span = Spans.Send(Queues.ResponsesName, pending.Record.Trace);
        var trace = TraceContext.Of(span) ?? pending.Record.Trace;
        var call = result.Outcome == Outcome.Delivered && !pending.Lane.Destination.Responses ? null : pending.ToCall(result);
        var response = pending.Lane.Destination.Responses ? EventOf(pending, call!, trace) : null;
        // Encoded once, for the journal and for the queue.
        return new Settled(pending, span, call, response, response is null ? null : JsonSerializer.SerializeToUtf8Bytes(response, AppJson.Web.ResponseEvent));
    }

    private QuarantineEntry EntryOf(Settled one, DeliveryResult result) =>
        new(
            one.Pending.Record.Id, one.Pending.Record.MessageId, one.Pending.Lane.Destination.Id, time.GetUtcNow(), result.OutcomeName,
            ReasonOf(result), Record: one.Pending.Record.Body.ToElement(), Call: one.Call, Replay: one.Pending.Record.Replay);

    /// <param name="Call">Null where nobody is told.</param>
    /// <param name="Response">Null where the destination wants no events.</param>
    private sealed record Settled(PendingRecord Pending, Activity? Span, ResponseEvent.Call? Call, ResponseEvent? Response, byte[]? Encoded);

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
