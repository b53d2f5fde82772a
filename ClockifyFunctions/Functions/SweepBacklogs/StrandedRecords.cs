using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Functions.SweepBacklogs;

/// <summary>
/// Records that were on their way when their destination was deleted: who took them in knew it still. They go where messages go that
/// name no known destination, or they would wait where nobody looks.
/// </summary>
/// <remarks>
/// Behind the gate, for the destination may have come back and be sent to; and as a drain reads, cursor and all, for others may be
/// appending. What is left of the backlog is empty, and stays.
/// </remarks>
internal sealed class StrandedRecords(
    Backlogs backlogs, BlobAccount account, DestinationStore destinations, Quarantine quarantine, InteractiveCalls calls, AppSettings settings, TimeProvider time, ILogger<StrandedRecords> log)
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Should this break off in between, the next one goes on: the quarantine lists each record once.</summary>
    /// <param name="backlog">As listed.</param>
    public async Task RescueAsync(BacklogSummary backlog, CancellationToken cancel)
    {
        if (backlog.WaitingBytes == 0 || await HasDestinationAsync(backlog, cancel)) return;
        try
        {
            var count = await calls.WithoutSenderAsync(settings.Credentials[backlog.Credential], () => MoveAsync(backlog.Credential, backlog.Destination, cancel), cancel);
            if (count > 0) log.LogWarning("Destination {Destination} was deleted while {Records} records were on their way; they are in quarantine '{Place}'.", backlog.Destination, count, Quarantine.Unrouted);
        }
        catch (InteractiveCalls.NoTurnException)
        {
            log.LogInformation("Credential {Credential} is busy; the records of deleted destination {Destination} wait for the next sweep.", backlog.Credential, backlog.Destination);
        }
    }

    private async Task<bool> HasDestinationAsync(BacklogSummary backlog, CancellationToken cancel) =>
        await destinations.FindAsync(backlog.Destination, cancel) is { } stored && stored.Config.Credential == backlog.Credential;

    private async Task<int> MoveAsync(string credential, string destination, CancellationToken cancel)
    {
        if (await backlogs.FindAsync(credential, destination, cancel) is not { } backlog || await HasDestinationAsync(backlog, cancel)) return 0;
        var (records, cursor, count) = (backlogs.Log(credential, destination), CursorBlob.Open(account, backlog), 0);
        while (true)
        {
            var chunk = await records.ReadAsync(cursor.Cursor.Position, ChunkSize, cancel);
            if (chunk.Lines.Count > 0) await quarantine.AddAsync(Quarantine.Unrouted, [.. chunk.Lines.Select(line => EntryOf(line, destination))], cancel);
            var next = chunk.Lines.Count > 0 ? chunk.Next : await records.LeaveSegmentAsync(cursor.Cursor.Position, cancel);
            if (next == cursor.Cursor.Position) return count;
            count += chunk.Lines.Count;
            await cursor.MoveAsync(cursor.Cursor with { Position = next, Quarantined = cursor.Cursor.Quarantined + chunk.Lines.Count }, cancel);
        }
    }

    private QuarantineEntry EntryOf(LogChunk.Entry line, string destination)
    {
        var reason = $"Destination '{destination}' was deleted while this record was on its way. Replay it to another destination, or to this one once it is there again; or discard it.";
        return BacklogRecord.Read(line) is { } record
            ? new QuarantineEntry(record.Id, record.MessageId, destination, time.GetUtcNow(), "unrouted", reason, Record: record.Body.ToElement(), Replay: record.Replay)
            : new QuarantineEntry($"damaged-{destination}-{line.Next.Segment}-{line.Next.Offset}", null, destination, time.GetUtcNow(), "damaged", reason, Raw: line.Payload.ToArray());
    }
}
