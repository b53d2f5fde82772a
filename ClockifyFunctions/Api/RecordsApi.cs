using System.Globalization;
using System.Text;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Telemetry;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Accepts records over HTTP as JSON, NDJSON, or CSV with a header, and sends them to the records queue.</summary>
internal sealed class RecordsApi(DestinationStore store, Queues queues, RequestKeys requests, LinkStore links, TimeProvider time)
{
    /// <summary>Number of messages that are created at a time, because a message needs many times the memory of a small record.</summary>
    private const int MostInFlight = 2000;

    /// <summary>A body of at most this many bytes fits into a message of any queue, including its properties.</summary>
    private const int AnyQueueTakes = 200 * 1024;

    /// <summary>The queue is considered unavailable if it accepts no message for 30 s. Accepting all messages may take 200 s: the standard tier accepts some thousand per second, and the front end of Azure waits 230 s for a response.</summary>
    private static readonly TimeSpan NothingTakenFor = TimeSpan.FromSeconds(30), AllTakenWithin = TimeSpan.FromSeconds(200);

    public async Task<IResult> SendAsync(string id, HttpRequest request, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { } stored) return Problems.NoDestination(id);
        var (options, wrong) = await ReadQueryAsync(stored, request, cancel);
        if (wrong is not null) return wrong;
        if (RecordsText.FormatOf(request.ContentType) is not { } format)
            return NoFormat(request.ContentType);
        var (body, refusal) = await Body.BytesAsync(request, JsonRecords.MostBytes, cancel);
        if (refusal is not null) return refusal;
        var problems = new ProblemList();
        var text = RecordsEncoding.ToUtf8(body, format, request.ContentType, problems, out var note);
        var records = problems.Count > 0 ? [] : RecordsText.Read(text, format, problems, cancel);
        if (problems.Count == 0 && records.Count == 0 && !options.IsWhole) problems.Add(new Problem("$", "contains no record."));
        if (problems.Count > 0) return Problems.Answer(400, "The records cannot be read, and none was queued.", "Correct them and send them again.", problems.Listed);
        if (request.Headers["Idempotency-Key"] is not [{ Length: > 0 } key]) return await QueueAsync(stored, records, note, options, request, cancel);

        ReadOnlyMemory<byte>[] content = [Encoding.UTF8.GetBytes(request.QueryString.Value ?? ""), .. records];
        switch (await requests.BeginAsync(stored.Config.Credential!, id, key, content, cancel))
        {
            case RequestKnowledge.Same same:
                request.HttpContext.Response.Headers["Idempotency-Replayed"] = "true";
                return Results.Json(new AcceptedRecords(same.Ids.Count, same.Ids, note, options.Run), ApiJson.Web.AcceptedRecords, statusCode: 202);
            case RequestKnowledge.Other:
                return Problems.Answer(422, "The Idempotency-Key was used for another request.", "Use a new key for each request with other records. A key is stored for 24 hours.");
            case RequestKnowledge.Unfinished:
                return Problems.Answer(409, "A request with this Idempotency-Key is not finished.", "It is in progress, or it was interrupted. Check the waiting and delivered records, and send the remaining ones with a new key.");
            case RequestKnowledge.New begun:
                return await QueueAsync(stored, records, note, options, request, cancel, ids => requests.FinishAsync(stored.Config.Credential!, id, key, begun, content, ids), () => requests.ForgetAsync(stored.Config.Credential!, id, key));
            default:
                throw new InvalidOperationException("Unknown state of a request.");
        }
    }

    public static IResult NoFormat(string? contentType) => Problems.Answer(415, $"'{contentType}' is not a format for records.", "Send it with Content-Type: application/json, application/x-ndjson, or text/csv with a header.");

    /// <summary>Queues each record as a message.</summary>
    /// <param name="queued">Called after all records are queued.</param>
    /// <param name="refused">Called if no record is queued.</param>
    private async Task<IResult> QueueAsync(
        StoredDestination stored, IReadOnlyList<ReadOnlyMemory<byte>> records, string? note, RecordOptions options, HttpRequest request, CancellationToken cancel, Func<IReadOnlyList<string>, Task>? queued = null, Func<Task>? refused = null)
    {
        var (id, trace) = (stored.Id, TraceContext.From(request.Headers.TraceParent, request.Headers.TraceState));
        using var all = new CancellationTokenSource(AllTakenWithin, time);
        using var patience = new CancellationTokenSource(NothingTakenFor, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, all.Token, patience.Token);
        var (ids, taken, isBegun) = (new List<string>(records.Count), 0, false);
        try
        {
            if (await TooLargeAsync(records, id, queues.Records, either.Token) is { Count: > 0 } large)
            {
                if (refused is not null) await refused();
                return Problems.Answer(413, "Records are larger than the queue accepts in one message, and none was queued.", "The standard tier accepts 256 KB. Remove attributes that Clockify does not need.", large.Listed);
            }

            // The broker acknowledges each message before the response is sent.
            isBegun = true;
            foreach (var part in records.Chunk(MostInFlight)) await Task.WhenAll(part.Select(record => SendOneAsync(MessageOf(record, id, options, trace))));
            if (options.IsWhole) await queues.Records.SendAsync(RunsApi.EndOf(id, options.Run!, RecordOperation.Complete, "records", records.Count), either.Token);
        }
        catch (Exception away) when (!cancel.IsCancellationRequested && QueueSender.IsWorthRepeating(away))
        {
            if (!isBegun && refused is not null) await refused();
            return !isBegun
                ? Problems.Answer(503, "The queue does not respond, and none of the records was queued.", "Send them again later.")
                : Problems.Answer(503, "The queue did not accept all of the records.", $"It accepted {taken} of {records.Count}, and may have accepted some of the others without an acknowledgement. Check the waiting and delivered records before you send them again.");
        }

        if (queued is not null) await queued(ids);
        return Results.Json(new AcceptedRecords(ids.Count, ids, note, options.Run), ApiJson.Web.AcceptedRecords, statusCode: 202);

        async Task SendOneAsync(ServiceBusMessage message)
        {
            ids.Add(message.MessageId);
            await queues.Records.SendAsync(message, either.Token);
            Interlocked.Increment(ref taken);
            patience.CancelAfter(NothingTakenFor);
        }
    }

    /// <summary>The options of a request that apply to all its records.</summary>
    /// <param name="Run">The run of the records; null if they belong to none.</param>
    /// <param name="IsWhole">Whether they are all records of the run.</param>
    /// <param name="Repairs">Whether objects are compared with their records even if the records have not changed.</param>
    private readonly record struct RecordOptions(string? Run, bool IsWhole, bool Repairs);

    private async Task<(RecordOptions RecordOptions, IResult? Refusal)> ReadQueryAsync(StoredDestination stored, HttpRequest request, CancellationToken cancel)
    {
        var query = new Query(request.Query);
        var (run, plan, repairs) = (query.Text("run"), query.Text("plan"), query.Flag("repair"));
        if (query.Refusal is { } refusal) return (default, refusal);
        if (run.Length + plan.Length == 0 && !repairs) return default;
        if (stored.Config.Sync is null) return (default, Problems.Answer(409, $"Destination '{stored.Id}' does not synchronize.", "Only destinations with sync have runs and plans."));
        if (run.Length > 0 && !RunProperties.IsValidName(run)) return (default, Problems.Answer(400, $"'{run}' is not a name of a run.", $"Use {RunProperties.NameRule}; or complete, if the records are all of a new run."));
        if (plan.Length > 0 && plan != (await links.ReadAsync(stored.Config.Credential!, stored.Id, cancel)).Version)
            return (default, Problems.Answer(409, "The plan is stale, and no record was queued.", "Links have changed since the plan was created. Create the plan again, check it, and apply the new plan."));
        return (new RecordOptions(run == "complete" ? RunsApi.NewName(time) : run.Length > 0 ? run : null, run == "complete", repairs), null);
    }

    private static ServiceBusMessage MessageOf(ReadOnlyMemory<byte> record, string destination, RecordOptions options, TraceContext? trace)
    {
        var message = new ServiceBusMessage(record)
        {
            MessageId = Guid.NewGuid().ToString(),
            ContentType = "application/json",
            ApplicationProperties = { [MessageIngest.DestinationProperty] = destination },
        };
        if (options.Run is not null) message.ApplicationProperties[RunProperties.Run] = options.Run;
        if (options.Repairs) message.ApplicationProperties[RunProperties.Operation] = "repair";
        trace?.AddTo(message.ApplicationProperties);
        return message;
    }

    private static async Task<ProblemList> TooLargeAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, string destination, QueueSender queue, CancellationToken cancel)
    {
        var problems = new ProblemList();
        foreach (var (index, record) in records.Index().Where(record => record.Item.Length > AnyQueueTakes))
        {
            if (await queue.ExceededLimitAsync(MessageOf(record, destination, default, null), cancel) is { } limit)
                problems.Add(new Problem(string.Create(CultureInfo.InvariantCulture, $"$[{index}]"), string.Create(CultureInfo.InvariantCulture, $"has {record.Length} bytes; the queue accepts messages of at most {limit} bytes, including the envelope.")));
        }

        return problems;
    }
}
