using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Quarantine;

/// <summary>The append log of one destination's quarantine. A line is an entry, or closes the entries of an id.</summary>
internal sealed class QuarantineLog(AppendLog log)
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Maximum bytes of entries that one append copies.</summary>
    private const int MostBytes = 8 << 20;

    private const int MostTries = 3;

    public Task AppendAsync(IEnumerable<QuarantineEntry> lines, CancellationToken cancel) => log.AppendAsync(lines, QuarantineJson.Web.QuarantineEntry, cancel);

    public Task<SortedDictionary<int, BlobItem>> SegmentsAsync(CancellationToken cancel) => log.ListAsync(cancel);

    public async Task<QuarantineState> StateAsync(CancellationToken cancel)
    {
        var state = new QuarantineState();
        await foreach (var (entry, line) in ReadAsync(cancel)) state.Add(entry, line.Next);
        return state;
    }

    /// <summary>The open entries with their history, oldest first, and the bytes of each.</summary>
    public async IAsyncEnumerable<(QuarantineEntry Entry, int Bytes)> ReadOpenAsync(QuarantineState state, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (state.OpenCount == 0) yield break;
        var history = new QuarantineHistory();
        await foreach (var (entry, line) in ReadAsync(cancel))
        {
            if (state.IsOpen(entry, line.Next)) yield return (history.Tell(entry), line.Payload.Length);
            else if (state.HasOpen(entry.Id)) history.Add(entry);
        }
    }

    /// <summary>
    /// Erases discarded entries, and entries that were replayed longer ago than <paramref name="keep"/>. The remaining lines of a segment are appended
    /// again before the segment is deleted. A crash in between leaves both copies; the later line is the valid one.
    /// </summary>
    /// <returns>Names of the blobs with the bodies of erased entries.</returns>
    public async Task<IReadOnlyCollection<string>> EraseClosedAsync(DateTimeOffset now, TimeSpan keep, CancellationToken cancel)
    {
        var bodies = new HashSet<string>(StringComparer.Ordinal);
        for (var tries = 0; tries < MostTries; tries++)
            if (await TryEraseClosedAsync(now, keep, bodies, cancel)) break;
        return bodies;
    }

    /// <summary>False if another process has appended to a segment that was to be deleted.</summary>
    private async Task<bool> TryEraseClosedAsync(DateTimeOffset now, TimeSpan keep, HashSet<string> bodies, CancellationToken cancel)
    {
        var segments = await SegmentsAsync(cancel);
        var (state, history) = (await StateAsync(cancel), new QuarantineHistory());
        var (toErase, withRest) = (new SortedSet<int>(), new HashSet<int>());
        await foreach (var (entry, line) in ReadAsync(cancel))
        {
            if (!state.IsOpen(entry, line.Next)) history.Add(entry);
            var stays = state.Stays(entry, line.Next, now, keep);
            (stays ? (ISet<int>)withRest : toErase).Add(line.Next.Segment);
            if (!stays && entry.RawBlob is { } body && !state.HasOpen(entry.Id)) bodies.Add(body);
        }

        if (toErase.Count == 0) return true;
        // Remaining lines must not be appended to a segment that is about to be deleted.
        if (toErase.Contains(segments.Keys.Last()) && withRest.Overlaps(toErase)) await log.BeginSegmentAsync(cancel);
        var isDone = true;
        foreach (var number in toErase)
        {
            await CopyAsync(number, (entry, at) => state.Stays(entry, at, now, keep) ? state.IsOpen(entry, at) ? history.Tell(entry) : entry : null, cancel);
            isDone &= segments.TryGetValue(number, out var listed) && await log.DeleteSegmentAsync(listed, cancel);
        }

        return isDone;
    }

    /// <param name="copyOf">Returns the line to append; null to erase the line.</param>
    private async Task CopyAsync(int segment, Func<QuarantineEntry, LogPosition, QuarantineEntry?> copyOf, CancellationToken cancel)
    {
        var (part, bytes) = (new List<QuarantineEntry>(), 0);
        await foreach (var (entry, line) in ReadAsync(segment, cancel))
        {
            if (copyOf(entry, line.Next) is not { } copy) continue;
            part.Add(copy);
            if ((bytes += line.Payload.Length) < MostBytes) continue;
            await AppendAsync(part, cancel);
            (part, bytes) = ([], 0);
        }

        await AppendAsync(part, cancel);
    }

    private async IAsyncEnumerable<(QuarantineEntry Entry, LogChunk.Entry Line)> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var segment in (await SegmentsAsync(cancel)).Keys)
            await foreach (var line in ReadAsync(segment, cancel)) yield return line;
    }

    private async IAsyncEnumerable<(QuarantineEntry Entry, LogChunk.Entry Line)> ReadAsync(int segment, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var position = new LogPosition(segment, 0); ;)
        {
            var chunk = await log.ReadAsync(position, ChunkSize, cancel);
            if (chunk.Lines.Count == 0) yield break;
            foreach (var line in chunk.Lines.Where(line => !line.Damaged))
                if (JsonSerializer.Deserialize(line.Payload.Span, QuarantineJson.Web.QuarantineEntry) is { } entry) yield return (entry, line);
            position = chunk.Next;
        }
    }
}
