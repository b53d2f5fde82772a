using Azure;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Draining;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Maintenance;

/// <summary>
/// Moves the records of deleted destinations to the quarantine for messages without a known destination. Such records exist if an instance ingested
/// them while the destination was being deleted. Without this they would stay in a backlog that no drain reads.
/// </summary>
/// <remarks>
/// It runs under the gate, because the destination may have been created again and be in use. It reads the backlog like a drain, with the cursor, because
/// other instances may append meanwhile. The emptied backlog stays.
/// </remarks>
internal sealed class RecordsOfDeletedDestinations(
    Backlogs backlogs, Journals journals, BlobAccount account, DestinationStore destinations, QuarantineStore quarantine, InteractiveCalls calls, TimeProvider time, ILogger<RecordsOfDeletedDestinations> log)
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Moves the records of one backlog. If it is interrupted, the next call continues; the quarantine lists each record once.</summary>
    /// <param name="backlog">The backlog, as a listing shows it.</param>
    public async Task QuarantineAsync(Credential credential, BacklogSummary backlog, CancellationToken cancel)
    {
        if (backlog.WaitingBytes == 0 || await HasDestinationAsync(backlog, cancel)) return;
        try
        {
            var count = await calls.WithoutSenderAsync(credential, () => MoveAsync(backlog.Credential, backlog.Destination, cancel), cancel);
            if (count > 0) log.LogWarning("Destination {Destination} was deleted while {Records} records were waiting. They are now in quarantine '{Place}'.", backlog.Destination, count, QuarantineStore.Unrouted);
        }
        catch (RequestFailedException moved) when (moved.Status is 409 or 412)
        {
            log.LogInformation("Records of deleted destination {Destination} not moved: another process holds the gate.", backlog.Destination);
        }
        catch (InteractiveCalls.NoTurnException)
        {
            log.LogInformation("Credential {Credential} is busy. The next sweep moves the records of deleted destination {Destination}.", backlog.Credential, backlog.Destination);
        }
    }

    private async Task<bool> HasDestinationAsync(BacklogSummary backlog, CancellationToken cancel) =>
        await destinations.FindAsync(backlog.Destination, cancel) is { } stored && stored.Config.Credential == backlog.Credential;

    private async Task<int> MoveAsync(string credential, string destination, CancellationToken cancel)
    {
        if (await backlogs.FindAsync(credential, destination, cancel) is not { } backlog || await HasDestinationAsync(backlog, cancel)) return 0;
        var (records, cursor, count) = (backlogs.Log(credential, destination), CursorBlob.Open(account, backlog), 0);
        // The cursor can be behind the last call, so the journal decides.
        var journal = await journals.OpenAsync(credential, destination, backlog.Cursor.Position, cancel);
        while (true)
        {
            var chunk = await records.ReadAsync(cursor.Cursor.Position, ChunkSize, cancel);
            QuarantineEntry[] entries = [.. chunk.Lines.Select(line => EntryOf(line, destination, journal)).OfType<QuarantineEntry>()];
            if (entries.Length > 0) await quarantine.AddAsync(QuarantineStore.Unrouted, entries, cancel);
            var next = chunk.Lines.Count > 0 ? chunk.Next : await records.LeaveSegmentAsync(cursor.Cursor.Position, cancel);
            if (next == cursor.Cursor.Position) return count;
            count += entries.Length;
            await cursor.MoveAsync(cursor.Cursor with { Position = next, Quarantined = cursor.Cursor.Quarantined + entries.Length }, cancel);
        }
    }

    /// <summary>Null if the record was already finished.</summary>
    private QuarantineEntry? EntryOf(LogChunk.Entry line, string destination, Journal journal)
    {
        var reason = $"Destination '{destination}' was deleted while this record was waiting. Replay it to another destination, or create this one again and replay it, or discard it.";
        if (BacklogRecord.Read(line) is { } record)
            return journal.Memory.Find(record.Key)?.State switch
            {
                { IsFinished: true } => null,
                { Stage: Stage.Started } or { MayHaveArrived: true } => EntryOf("unknown", $"{reason} It may have been sent before: check in Clockify first."),
                _ => EntryOf("unrouted", reason),
            };
        return new QuarantineEntry($"damaged-{destination}-{line.Next.Segment}-{line.Next.Offset}", null, destination, time.GetUtcNow(), "damaged", reason, Raw: line.Payload.ToArray());

        QuarantineEntry EntryOf(string kind, string why) => new(record.Id, record.MessageId, destination, time.GetUtcNow(), kind, why, Record: record.Body.ToElement(), Replay: record.Replay) { Run = record.Run, Operation = record.Operation };
    }
}
