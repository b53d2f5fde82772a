using System.Text;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Functions.IngestRecords;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Observability;

namespace ClockifyFunctions.Functions.Api;

/// <summary>Records over HTTP, through the same queue as everything else: JSON, NDJSON, or CSV with a header.</summary>
internal static class RecordsApi
{
    public static void MapRecordsApi(this RouteGroupBuilder api) => api.MapPost("/destinations/{id}/records", SendAsync)
        .Takes<System.Text.Json.JsonElement>("application/json", "application/x-ndjson", "text/csv").Says<AcceptedRecords>("Queues records, all or none", 202).Also(400, 413, 415);

    /// <summary>All or nothing: with any problem, nothing is queued.</summary>
    private static async Task<IResult> SendAsync(string id, HttpRequest request, DestinationStore store, Queues queues, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is null) return Problems.NoDestination(id);
        if (RecordsText.FormatOf(request.ContentType) is not { } format)
            return Problems.Answer(415, $"'{request.ContentType}' is no format for records.", "Send application/json, application/x-ndjson, or text/csv with a header.");
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var problems = new List<Problem>();
        var records = RecordsText.Read(await reader.ReadToEndAsync(cancel), format, problems);
        if (problems.Count == 0 && records.Count == 0) problems.Add(new Problem("$", "holds no record."));
        if (problems.Count > 0) return Problems.Answer(400, "The records cannot be read, and none was queued.", $"There are {problems.Count} problem(s).", problems);

        KeyValuePair<string, string>[] properties = [new(IngestRecordsFunction.DestinationProperty, id), .. TraceContext.From(request.Headers.TraceParent, request.Headers.TraceState)?.ToProperties() ?? []];
        var ids = records.Select(_ => Guid.NewGuid().ToString()).ToArray();
        // The sender keeps many in flight; each is acknowledged before this answers.
        try
        {
            await Task.WhenAll(records.Zip(ids, (record, messageId) => queues.Records.SendAsync(
                new OutgoingMessage(messageId, Encoding.UTF8.GetBytes(record.GetRawText()), "application/json") { Properties = properties }, cancel)));
        }
        catch (AmqpException refused) when (refused.Error?.Condition == ErrorCode.MessageSizeExceeded)
        {
            return Problems.Answer(413, "A record is larger than the queue takes in one message; others may have been queued.", "The standard tier takes 256 KB. Leave out what Clockify does not need.");
        }

        return Results.Json(new AcceptedRecords(ids.Length, ids), AppJson.Web.AcceptedRecords, statusCode: 202);
    }
}
