using System.Collections.Concurrent;
using System.Text.Json;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>Step 2: one ordered log of records per destination, under <c>backlog/{credential}/{destination}/</c>.</summary>
internal sealed class Backlogs(BlobAccount account)
{
    public const string CursorName = "cursor";

    /// <summary>Bytes that are read as a sample (a few hundred records) and for a peek.</summary>
    private const int SampleBytes = 128 * 1024, PeekBytes = 1 << 20;

    private readonly ConcurrentDictionary<string, AppendLog> _logs = new(StringComparer.Ordinal);

    public AppendLog Log(string credential, string destination) =>
        _logs.GetOrAdd(Prefix(credential, destination), prefix => new AppendLog(account.Backlog, prefix));

    /// <summary>Appends the records in order. When this method returns, the records are durable. If it throws, none, some of the first, or all of them may be durable.</summary>
    public Task AppendAsync(string credential, string destination, IEnumerable<BacklogRecord> records, CancellationToken cancel) =>
        Log(credential, destination).AppendAsync(records, BacklogJson.Web.BacklogRecord, cancel);

    /// <summary>All backlogs, or those of one credential: It costs one listing, independent of their number and depth.</summary>
    public async Task<IReadOnlyList<BacklogSummary>> ListAsync(string? credential, CancellationToken cancel)
    {
        var summaries = new List<BacklogSummary>();
        var blobs = new List<BlobItem>();
        await foreach (var blob in account.Backlog.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, credential is null ? "" : $"{credential}/", cancel))
            blobs.Add(blob);

        foreach (var backlog in blobs.Select(blob => (Parts: blob.Name.Split('/'), Blob: blob)).Where(item => item.Parts.Length == 3).GroupBy(item => (item.Parts[0], item.Parts[1])))
        {
            var at = backlog.FirstOrDefault(item => item.Parts[2] == CursorName).Blob;
            var cursor = at is null ? Cursor.AtStart : Cursor.FromMetadata(at.Metadata);
            // The cursor was left by an interrupted deletion, so the records that arrived since have not been read. List again to confirm, because a listing is not atomic.
            if (!backlog.Any(item => AppendLog.TryParseSegment(item.Parts[2], out var segment) && HasReached(segment, item.Blob, cursor.Position))
                && !(await Log(backlog.Key.Item1, backlog.Key.Item2).ListAsync(cancel)).Any(segment => HasReached(segment.Key, segment.Value, cursor.Position)))
                cursor = Cursor.AtStart;
            var (waiting, end) = (0L, cursor.Position);
            foreach (var (parts, blob) in backlog)
            {
                if (!AppendLog.TryParseSegment(parts[2], out var segment) || segment < cursor.Position.Segment) continue;
                var length = blob.Properties.ContentLength ?? 0;
                if (new LogPosition(segment, length) is var reached && reached > end) end = reached;
                waiting += length - (segment == cursor.Position.Segment ? cursor.Position.Offset : 0);
            }

            summaries.Add(new BacklogSummary(backlog.Key.Item1, backlog.Key.Item2, cursor, at?.Properties.ETag, at?.Properties.LastModified, waiting, end));
        }

        return summaries;
    }

    /// <summary>Whether the log reaches this position or extends beyond it.</summary>
    private static bool HasReached(int segment, BlobItem blob, LogPosition place) =>
        segment > place.Segment || (segment == place.Segment && (blob.Properties.ContentLength ?? 0) >= place.Offset);

    /// <summary>One destination's backlog; null if it never had one.</summary>
    public async Task<BacklogSummary?> FindAsync(string credential, string destination, CancellationToken cancel) =>
        (await ListAsync(credential, cancel)).FirstOrDefault(backlog => backlog.Destination == destination);

    /// <summary>The first waiting records, limited to those that one read returns.</summary>
    public async Task<IReadOnlyList<BacklogRecord>> PeekAsync(BacklogSummary backlog, int most, CancellationToken cancel)
    {
        var first = await Log(backlog.Credential, backlog.Destination).ReadAsync(backlog.Cursor.Position, PeekBytes, cancel);
        return [.. first.Lines.Select(BacklogRecord.Read).OfType<BacklogRecord>().Take(most)];
    }

    /// <summary>
    /// Deletes the backlog, the journal and the links of a destination whose records are all finished. Stops if a record arrives meanwhile. The caller
    /// ensures that no process sends for the destination.
    /// </summary>
    public async Task DeleteFinishedAsync(string credential, string destination, CancellationToken cancel)
    {
        if (await FindAsync(credential, destination, cancel) is { } backlog)
        {
            var log = Log(credential, destination);
            foreach (var (number, segment) in await log.ListAsync(cancel))
            {
                var finished = number < backlog.Cursor.Position.Segment ? long.MaxValue : number == backlog.Cursor.Position.Segment ? backlog.Cursor.Position.Offset : 0;
                if (segment.Properties.ContentLength > finished || !await log.DeleteSegmentAsync(segment, cancel)) return;
            }

            // A record that arrives now starts a new log, which needs neither this cursor nor the journal.
            await account.Backlog.GetBlobClient(Prefix(credential, destination) + CursorName).DeleteIfExistsAsync(cancellationToken: cancel);
        }

        await DeleteJournalAndLinksAsync(credential, destination, cancel);
    }

    /// <summary>Deletes the backlog with its waiting records, the journal and the links of a destination.</summary>
    public async Task DeleteAsync(string credential, string destination, CancellationToken cancel)
    {
        await foreach (var blob in account.Backlog.GetBlobsAsync(BlobTraits.None, BlobStates.None, Prefix(credential, destination), cancel))
            await account.Backlog.GetBlobClient(blob.Name).DeleteIfExistsAsync(cancellationToken: cancel);
        await DeleteJournalAndLinksAsync(credential, destination, cancel);
    }

    /// <summary>Deletes the journal, the links, the runs and the idempotency keys of a destination.</summary>
    private async Task DeleteJournalAndLinksAsync(string credential, string destination, CancellationToken cancel)
    {
        foreach (var container in new[] { account.Journal, account.Links })
            await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, Prefix(credential, destination), cancel))
                await container.GetBlobClient(blob.Name).DeleteIfExistsAsync(cancellationToken: cancel);
    }

    /// <summary>Number and age of the waiting records. It costs one read; records behind that read are estimated.</summary>
    /// <param name="mostBytes">Number of bytes to read; null: a sample of a few hundred records.</param>
    public async Task<BacklogDepth> DepthAsync(BacklogSummary backlog, CancellationToken cancel, int? mostBytes = null)
    {
        if (backlog.WaitingBytes == 0) return BacklogDepth.None;
        var first = await Log(backlog.Credential, backlog.Destination).ReadAsync(backlog.Cursor.Position, mostBytes ?? SampleBytes, cancel);
        // The cursor is at the end of its segment, or the drain has just moved it. The next call returns the exact value.
        if (first.Lines.Count == 0) return new BacklogDepth(1, false, backlog.WaitingBytes, null);
        var sampled = first.Next.Offset - backlog.Cursor.Position.Offset;
        var oldest = first.Lines.Select(BacklogRecord.Read).OfType<BacklogRecord>().FirstOrDefault()?.EnqueuedAt;
        return sampled >= backlog.WaitingBytes
            ? new BacklogDepth(first.Lines.Count, true, backlog.WaitingBytes, oldest)
            : new BacklogDepth(first.Lines.Count * backlog.WaitingBytes / sampled, false, backlog.WaitingBytes, oldest);
    }

    public static string Prefix(string credential, string destination) => $"{credential}/{destination}/";
}
