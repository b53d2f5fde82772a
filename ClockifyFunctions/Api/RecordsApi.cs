using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Functions.IngestRecords;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Api;

/// <summary>Records over HTTP, through the same queue as everything else: JSON, NDJSON, or CSV with a header.</summary>
internal static class RecordsApi
{
    /// <summary>They are held in memory several times, in an instance of 512 MB.</summary>
    private const int MostBytes = 16 << 20;

    /// <summary>A body of this size fits into a message of any queue, together with its properties. Bytes.</summary>
    private const int AnyQueueTakes = 200 * 1024;

    /// <summary>A queue that takes nothing for so long is away. One that takes them slowly is not: the standard tier takes some thousand a second, and Azure's front end waits 230 s for an answer.</summary>
    private static readonly TimeSpan NothingTakenFor = TimeSpan.FromSeconds(30), AllTakenWithin = TimeSpan.FromSeconds(200);

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void MapRecordsApi(this RouteGroupBuilder api) => api.MapPost("/destinations/{id}/records", SendAsync)
        .Takes<JsonElement>("application/json", "application/x-ndjson", "text/csv").Says<AcceptedRecords>("Queues records; none if one of them cannot be", 202).Also(400, 413, 415, 503);

    internal static async Task<IResult> SendAsync(string id, HttpRequest request, DestinationStore store, Queues queues, TimeProvider time, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is null) return Problems.NoDestination(id);
        if (RecordsText.FormatOf(request.ContentType) is not { } format)
            return Problems.Answer(415, $"'{request.ContentType}' is no format for records.", "Send application/json, application/x-ndjson, or text/csv with a header.");
        if (await ReadAsync(request, cancel) is not { } body) return Problems.Answer(413, $"The request has more than {MostBytes >> 20} MB, and nothing was queued.", "Send the records in parts.");
        var problems = new List<Problem>();
        var records = RecordsText.Read(Decode(body, problems), format, problems);
        if (problems.Count == 0 && records.Count == 0) problems.Add(new Problem("$", "holds no record."));
        if (problems.Count > 0) return Problems.Answer(400, "The records cannot be read, and none was queued.", $"There are {problems.Count} problem(s).", problems);

        var trace = TraceContext.From(request.Headers.TraceParent, request.Headers.TraceState);
        var messages = records.Select(record => MessageOf(record, id, trace)).ToArray();
        using var all = new CancellationTokenSource(AllTakenWithin, time);
        using var patience = new CancellationTokenSource(NothingTakenFor, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, all.Token, patience.Token);
        var sent = Array.Empty<Task>();
        try
        {
            if (await TooLargeAsync(messages, queues.Records, either.Token) is { Count: > 0 } large)
                return Problems.Answer(413, "Records are larger than the queue takes in one message, and none was queued.", "The standard tier takes 256 KB. Leave out what Clockify does not need.", large);
            // The sender keeps many in flight; each is acknowledged before this answers.
            sent = [.. messages.Select(SendOneAsync)];
            await Task.WhenAll(sent);
        }
        catch (Exception away) when (!cancel.IsCancellationRequested && QueueSender.IsWorthRepeating(away))
        {
            var taken = sent.Count(one => one.IsCompletedSuccessfully);
            return sent.Length == 0
                ? Problems.Answer(503, "The queue does not answer, and none of the records was queued.", "Send them again in a while.")
                : Problems.Answer(503, "The queue does not take all of the records.", $"It took {taken} of {messages.Length}, and of the others it may have taken some without saying so. See what waits or arrives before you send them again.");
        }

        return Results.Json(new AcceptedRecords(messages.Length, [.. messages.Select(message => message.MessageId)]), ApiJson.Web.AcceptedRecords, statusCode: 202);

        async Task SendOneAsync(ServiceBusMessage message)
        {
            await queues.Records.SendAsync(message, either.Token);
            patience.CancelAfter(NothingTakenFor);
        }
    }

    /// <summary>Null where there are too many bytes. Kestrel's own limit would cut the connection, and the host would answer for us.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MostBytes) return null;
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (body.Length + read > MostBytes) return null;
            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    /// <summary>Bytes that are no UTF-8 would become question marks without a word.</summary>
    private static string Decode(ReadOnlyMemory<byte> body, List<Problem> problems)
    {
        try
        {
            return Strict.GetString(body.Span.StartsWith(Encoding.UTF8.Preamble) ? body.Span[Encoding.UTF8.Preamble.Length..] : body.Span);
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new Problem("$", "holds bytes that are no UTF-8; save the file as UTF-8 (a spreadsheet calls it \"CSV UTF-8\")."));
            return "";
        }
    }

    private static ServiceBusMessage MessageOf(JsonElement record, string destination, TraceContext? trace)
    {
        var message = new ServiceBusMessage(JsonMarshal.GetRawUtf8Value(record).ToArray())
        {
            MessageId = Guid.NewGuid().ToString(),
            ContentType = "application/json",
            ApplicationProperties = { [IngestRecordsFunction.DestinationProperty] = destination },
        };
        trace?.AddTo(message.ApplicationProperties);
        return message;
    }

    private static async Task<List<Problem>> TooLargeAsync(ServiceBusMessage[] messages, QueueSender queue, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        foreach (var (index, message) in messages.Index().Where(message => message.Item.Body.ToMemory().Length > AnyQueueTakes))
        {
            if (await queue.ExceededLimitAsync(message, cancel) is { } limit)
                problems.Add(new Problem(string.Create(CultureInfo.InvariantCulture, $"$[{index}]"), string.Create(CultureInfo.InvariantCulture, $"has {message.Body.ToMemory().Length} bytes; the queue takes messages of {limit} bytes, envelope included.")));
        }

        return problems;
    }
}
