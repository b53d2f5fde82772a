using Azure;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Maintenance;

/// <summary>
/// Records that were on their way when their destination was deleted: who took them in knew it still. They go where messages go that
/// name no known destination, or they would wait where nobody looks.
/// </summary>
/// <remarks>
/// Behind the gate, for the destination may have come back and be sent to; and as a drain reads, cursor and all, for others may be
/// appending. What is left of the backlog is empty, and stays.
/// </remarks>
internal sealed class StrandedRecords(
    Backlogs backlogs, Journals journals, BlobAccount account, DestinationStore destinations, QuarantineStore quarantine, InteractiveCalls calls, TimeProvider time, ILogger<StrandedRecords> log)
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Should this break off in between, the next one goes on: the quarantine lists each record once.</summary>
    /// <param name="backlog">As listed.</param>
    public async Task RescueAsync(Credential credential, BacklogSummary backlog, CancellationToken cancel)
    {
        if (backlog.WaitingBytes == 0 || await HasDestinationAsync(backlog, cancel)) return;
        try
        {
            var count = await calls.WithoutSenderAsync(credential, () => MoveAsync(backlog.Credential, backlog.Destination, cancel), cancel);
            if (count > 0) log.LogWarning("Destination {Destination} was deleted while {Records} records were on their way; they are in quarantine '{Place}'.", backlog.Destination, count, QuarantineStore.Unrouted);
        }
        catch (RequestFailedException moved) when (moved.Status is 409 or 412)
        {
            log.LogInformation("The records of deleted destination {Destination} are being sent after all, or by another sweep.", backlog.Destination);
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
        // The cursor lags behind what was sent.
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

    /// <summary>Null where the record was finished before.</summary>
    private QuarantineEntry? EntryOf(LogChunk.Entry line, string destination, Journal journal)
    {
        var reason = $"Destination '{destination}' was deleted while this record was on its way. Replay it to another destination, or to this one once it is there again; or discard it.";
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
