using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Functions.SweepBacklogs;

/// <summary>
/// Records that were on their way when their destination was deleted: who took them in knew it still. They go where messages go that name no known destination, or they would wait where nobody looks.
/// </summary>
internal sealed class StrandedRecords(Backlogs backlogs, BlobAccount account, DestinationStore destinations, Quarantine quarantine, TimeProvider time, ILogger<StrandedRecords> log)
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Should this break off in between, the next one does it again: the quarantine lists each record once.</summary>
    public async Task RescueAsync(BacklogSummary backlog, CancellationToken cancel)
    {
        if (backlog.WaitingBytes == 0 || await destinations.FindAsync(backlog.Destination, cancel) is not null) return;
        var records = backlogs.Log(backlog.Credential, backlog.Destination);
        var segments = await records.ListAsync(cancel);
        var count = 0;
        foreach (var segment in segments.Keys.Where(segment => segment >= backlog.Cursor.Position.Segment))
            count += await QuarantineAsync(records, segment == backlog.Cursor.Position.Segment ? backlog.Cursor.Position : new LogPosition(segment, 0), backlog.Destination, cancel);
        log.LogWarning("Destination {Destination} was deleted while {Records} records were on their way; they are in quarantine '{Place}'.", backlog.Destination, count, Quarantine.Unrouted);
        foreach (var segment in segments.Values)
            if (!await IsDeletedAsync(segment, cancel)) return; // It has grown: the next sweep has the rest.
        await backlogs.DeleteAsync(backlog.Credential, backlog.Destination, cancel);
    }

    private async Task<int> QuarantineAsync(AppendLog records, LogPosition from, string destination, CancellationToken cancel)
    {
        var count = 0;
        while (await records.ReadAsync(from, ChunkSize, cancel) is { Lines.Count: > 0 } chunk)
        {
            await quarantine.AddAsync(Quarantine.Unrouted, [.. chunk.Lines.Select(line => EntryOf(line, destination))], cancel);
            (count, from) = (count + chunk.Lines.Count, chunk.Next);
        }

        return count;
    }

    private QuarantineEntry EntryOf(LogChunk.Entry line, string destination)
    {
        var reason = $"Destination '{destination}' was deleted while this record was on its way. Replay it to another destination, or to this one once it is there again; or discard it.";
        return line.Damaged
            ? new QuarantineEntry($"damaged-{destination}-{line.Next.Segment}-{line.Next.Offset}", null, destination, time.GetUtcNow(), "damaged", reason, Raw: line.Payload.ToArray())
            : Of(JsonSerializer.Deserialize(line.Payload.Span, AppJson.Web.BacklogRecord)!);

        QuarantineEntry Of(BacklogRecord record) => new(record.Id, record.MessageId, destination, time.GetUtcNow(), "unrouted", reason, Record: record.Body.ToElement(), Replay: record.Replay);
    }

    private async Task<bool> IsDeletedAsync(BlobItem segment, CancellationToken cancel)
    {
        try
        {
            await account.Backlog.GetBlobClient(segment.Name).DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = segment.Properties.ETag }, cancellationToken: cancel);
            return true;
        }
        catch (RequestFailedException grown) when (grown.Status == 412)
        {
            return false;
        }
    }
}
