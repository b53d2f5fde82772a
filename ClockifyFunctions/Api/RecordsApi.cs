using System.Globalization;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Telemetry;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Accepts records over HTTP as JSON, NDJSON, or CSV with a header, and sends them to the records queue.</summary>
internal sealed class RecordsApi(DestinationStore store, Queues queues, TimeProvider time)
{
    /// <summary>Number of messages that are created at a time, because a message needs many times the memory of a small record.</summary>
    private const int MostInFlight = 2000;

    /// <summary>A body of at most this many bytes fits into a message of any queue, including its properties.</summary>
    private const int AnyQueueTakes = 200 * 1024;

    /// <summary>The queue is considered unavailable if it accepts no message for 30 s. Accepting all messages may take 200 s: the standard tier accepts some thousand per second, and the front end of Azure waits 230 s for a response.</summary>
    private static readonly TimeSpan NothingTakenFor = TimeSpan.FromSeconds(30), AllTakenWithin = TimeSpan.FromSeconds(200);

    public async Task<IResult> SendAsync(string id, HttpRequest request, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is null) return Problems.NoDestination(id);
        if (RecordsText.FormatOf(request.ContentType) is not { } format)
            return Problems.Answer(415, $"'{request.ContentType}' is not a format for records.", "Send it with Content-Type: application/json, application/x-ndjson, or text/csv with a header.");
        var (body, refusal) = await Body.BytesAsync(request, JsonRecords.MostBytes, cancel);
        if (refusal is not null) return refusal;
        var problems = new ProblemList();
        var text = RecordsEncoding.ToUtf8(body, format, request.ContentType, problems, out var note);
        var records = problems.Count > 0 ? [] : RecordsText.Read(text, format, problems, cancel);
        if (problems.Count == 0 && records.Count == 0) problems.Add(new Problem("$", "contains no record."));
        if (problems.Count > 0) return Problems.Answer(400, "The records cannot be read, and none was queued.", "Correct them and send them again.", problems.Listed);

        var trace = TraceContext.From(request.Headers.TraceParent, request.Headers.TraceState);
        using var all = new CancellationTokenSource(AllTakenWithin, time);
        using var patience = new CancellationTokenSource(NothingTakenFor, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, all.Token, patience.Token);
        var (ids, taken, isBegun) = (new List<string>(records.Count), 0, false);
        try
        {
            if (await TooLargeAsync(records, id, queues.Records, either.Token) is { Count: > 0 } large)
                return Problems.Answer(413, "Records are larger than the queue accepts in one message, and none was queued.", "The standard tier accepts 256 KB. Remove attributes that Clockify does not need.", large.Listed);
            // The broker acknowledges each message before the response is sent.
            isBegun = true;
            foreach (var part in records.Chunk(MostInFlight)) await Task.WhenAll(part.Select(record => SendOneAsync(MessageOf(record, id, trace))));
        }
        catch (Exception away) when (!cancel.IsCancellationRequested && QueueSender.IsWorthRepeating(away))
        {
            return !isBegun
                ? Problems.Answer(503, "The queue does not respond, and none of the records was queued.", "Send them again later.")
                : Problems.Answer(503, "The queue did not accept all of the records.", $"It accepted {taken} of {records.Count}, and may have accepted some of the others without an acknowledgement. Check the waiting and delivered records before you send them again.");
        }

        return Results.Json(new AcceptedRecords(ids.Count, ids, note), ApiJson.Web.AcceptedRecords, statusCode: 202);

        async Task SendOneAsync(ServiceBusMessage message)
        {
            ids.Add(message.MessageId);
            await queues.Records.SendAsync(message, either.Token);
            Interlocked.Increment(ref taken);
            patience.CancelAfter(NothingTakenFor);
        }
    }

    private static ServiceBusMessage MessageOf(ReadOnlyMemory<byte> record, string destination, TraceContext? trace)
    {
        var message = new ServiceBusMessage(record)
        {
            MessageId = Guid.NewGuid().ToString(),
            ContentType = "application/json",
            ApplicationProperties = { [MessageIngest.DestinationProperty] = destination },
        };
        trace?.AddTo(message.ApplicationProperties);
        return message;
    }

    private static async Task<ProblemList> TooLargeAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, string destination, QueueSender queue, CancellationToken cancel)
    {
        var problems = new ProblemList();
        foreach (var (index, record) in records.Index().Where(record => record.Item.Length > AnyQueueTakes))
        {
            if (await queue.ExceededLimitAsync(MessageOf(record, destination, null), cancel) is { } limit)
                problems.Add(new Problem(string.Create(CultureInfo.InvariantCulture, $"$[{index}]"), string.Create(CultureInfo.InvariantCulture, $"has {record.Length} bytes; the queue accepts messages of at most {limit} bytes, including the envelope.")));
        }

        return problems;
    }
}
