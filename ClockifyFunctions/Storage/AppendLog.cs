using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ClockifyFunctions.Storage;

/// <summary>
/// An ordered log of lines on append blobs named <c>{prefix}{segment}</c>. Either any number of processes append and one
/// reader follows, or one process at a time appends at the place it has read to (<see cref="AppendAtAsync"/>). Segments roll
/// before the service's limit of 50,000 blocks.
/// </summary>
/// <remarks>
/// How a reader leaves a segment without missing a late append: it deletes the segment under the ETag it last saw, and
/// only once a later segment exists. An append changes the ETag, so the delete fails and the reader reads on; an
/// appender that comes later gets 404 and goes to the newest segment. No clock and no lock take part.
/// </remarks>
internal sealed class AppendLog(BlobContainerClient container, string prefix, int rollAtBlocks = 10_000, long rollAtBytes = 64 << 20)
{
    /// <summary>The service takes 4 MiB in one block from every client version.</summary>
    private const int MaxBlock = 4 << 20;

    private volatile int _newest;

    /// <summary>Appends values as lines, in as few blocks as they fit. When this throws, any leading part of them may be in the log.</summary>
    public async Task AppendAsync<T>(IEnumerable<T> values, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        foreach (var block in Blocks(values, type)) await AppendAsync(block.Lines, cancel);
    }

    /// <inheritdoc cref="LogBlock.Of"/>
    public static IEnumerable<LogBlock> Blocks<T>(IEnumerable<T> values, JsonTypeInfo<T> type) => LogBlock.Of(values, type, MaxBlock);

    /// <summary>Appends whole lines as one block.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        while (true)
        {
            var segment = _newest != 0 ? _newest : await FindOrCreateNewestAsync(cancel);
            try
            {
                var next = await AppendBlockAsync(segment, lines, null, cancel);
                if (next.Segment > _newest) _newest = next.Segment; // Never back: another append may have moved it on meanwhile.
                return;
            }
            catch (RequestFailedException gone) when (gone.Status == 404)
            {
                _newest = 0; // The reader has finished and deleted this segment, or there is none yet.
            }
            catch (RequestFailedException full) when (full.ErrorCode == BlobErrorCode.BlockCountExceedsLimit)
            {
                await CreateAsync(segment + 1, cancel);
                _newest = segment + 1;
            }
        }
    }

    /// <summary>
    /// Appends one block at <paramref name="at"/>, where the log must end: the service refuses it when anybody has appended since. So a
    /// writer that is late, whatever held it up, adds nothing to what it has not read.
    /// </summary>
    /// <returns>Where to append next; null when the log does not end there (any more).</returns>
    public async Task<LogPosition?> AppendAtAsync(LogPosition at, ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        try
        {
            return await AppendBlockAsync(at.Segment, lines, at.Offset, cancel);
        }
        catch (RequestFailedException none) when (none.Status == 404)
        {
            if (at.Offset > 0) return null;
            await CreateAsync(at.Segment, cancel);
            return await AppendAtAsync(at, lines, cancel);
        }
        catch (RequestFailedException moved) when (moved.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            // Perhaps by this very block, when the first answer was lost and the client library has sent it again.
            var there = await ReadBytesAsync(at, lines.Length, cancel);
            return there.Span.SequenceEqual(lines.Span) ? at with { Offset = at.Offset + lines.Length } : null;
        }
    }

    /// <summary>Reads whole lines from <paramref name="from"/>; an empty result means the end of that segment, for now.</summary>
    public async Task<LogChunk> ReadAsync(LogPosition from, int maxBytes, CancellationToken cancel)
    {
        for (var length = (long)maxBytes; ; length *= 2)
        {
            var bytes = await ReadBytesAsync(from, length, cancel);
            if (bytes.IsEmpty) return LogChunk.Empty(from);
            var chunk = LogChunk.Split(from, bytes, isEnd: bytes.Length < length);
            if (chunk.Lines.Count > 0 || bytes.Length < length) return chunk;
        }
    }

    /// <summary>
    /// Leaves a segment whose lines are all finished: moves to the next one, if there is one, and deletes the old. Returns
    /// the position to go on from, which is <paramref name="end"/> itself when the segment is still the newest or has grown.
    /// </summary>
    public async Task<LogPosition> LeaveSegmentAsync(LogPosition end, CancellationToken cancel)
    {
        var segments = await ListAsync(cancel);
        if (Next(segments, end.Segment) is not { } next) return end;
        if (segments.TryGetValue(end.Segment, out var current))
        {
            if (current.Properties.ContentLength > end.Offset || !await DeleteSegmentAsync(current, cancel)) return end;
        }

        return next;
    }

    /// <summary>Deletes a segment as it was listed; false when somebody has appended to it since.</summary>
    public async Task<bool> DeleteSegmentAsync(BlobItem listed, CancellationToken cancel)
    {
        try
        {
            await container.GetBlobClient(listed.Name).DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = listed.Properties.ETag }, cancellationToken: cancel);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status == 412)
        {
            return false;
        }
    }

    /// <summary>Begins a segment, so that what is appended from now on is not in those before. An append that is under way may still go to the segment before.</summary>
    public async Task BeginSegmentAsync(CancellationToken cancel)
    {
        var next = await FindOrCreateNewestAsync(cancel) + 1;
        await CreateAsync(next, cancel);
        _newest = next;
    }

    /// <summary>Where the first segment after <paramref name="segment"/> begins; null if there is none.</summary>
    public async Task<LogPosition?> NextSegmentAsync(int segment, CancellationToken cancel) => Next(await ListAsync(cancel), segment);

    /// <summary>The segments by number.</summary>
    public async Task<SortedDictionary<int, BlobItem>> ListAsync(CancellationToken cancel)
    {
        var found = new SortedDictionary<int, BlobItem>();
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancel))
            if (TryParseSegment(blob.Name.AsSpan(prefix.Length), out var number))
                found[number] = blob;
        return found;
    }

    public async Task DeleteBeforeAsync(int segment, CancellationToken cancel)
    {
        foreach (var number in (await ListAsync(cancel)).Keys.Where(number => number < segment))
            await Blob(number).DeleteIfExistsAsync(cancellationToken: cancel);
    }

    /// <summary>Whether the last part of a blob name is a segment, as against, say, <c>cursor</c>.</summary>
    public static bool TryParseSegment(ReadOnlySpan<char> name, out int number) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static LogPosition? Next(SortedDictionary<int, BlobItem> segments, int segment) =>
        segments.Keys.Where(number => number > segment).Select(number => (LogPosition?)new LogPosition(number, 0)).FirstOrDefault();

    /// <summary>At most <paramref name="length"/> bytes; none at the end, or where there is no segment.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadBytesAsync(LogPosition from, long length, CancellationToken cancel)
    {
        try
        {
            using var answer = (await Blob(from.Segment).DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(from.Offset, length) }, cancel)).Value;
            var bytes = new byte[answer.Details.ContentLength];
            await answer.Content.ReadExactlyAsync(bytes, cancel);
            return bytes;
        }
        catch (RequestFailedException none) when (none.Status == 404 || none.ErrorCode == BlobErrorCode.InvalidRange)
        {
            return default;
        }
    }

    /// <summary>Appends to a segment, makes the next one when this is full, and returns where to go on.</summary>
    private async Task<LogPosition> AppendBlockAsync(int segment, ReadOnlyMemory<byte> lines, long? mustBeAt, CancellationToken cancel)
    {
        using var content = MemoryMarshal.TryGetArray(lines, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(lines.ToArray(), writable: false);
        var conditions = mustBeAt is { } at ? new AppendBlobRequestConditions { IfAppendPositionEqual = at } : null;
        var written = (await Blob(segment).AppendBlockAsync(content, new AppendBlobAppendBlockOptions { Conditions = conditions }, cancel)).Value;
        var end = long.Parse(written.BlobAppendOffset, CultureInfo.InvariantCulture) + lines.Length;
        if (written.BlobCommittedBlockCount < rollAtBlocks && end < rollAtBytes) return new LogPosition(segment, end);
        await CreateAsync(segment + 1, cancel);
        return new LogPosition(segment + 1, 0);
    }

    private async Task<int> FindOrCreateNewestAsync(CancellationToken cancel)
    {
        var segments = await ListAsync(cancel);
        var newest = segments.Count > 0 ? segments.Keys.Last() : LogPosition.Start.Segment;
        if (segments.Count == 0) await CreateAsync(newest, cancel);
        _newest = newest;
        return newest;
    }

    private async Task CreateAsync(int segment, CancellationToken cancel)
    {
        try
        {
            await Blob(segment).CreateAsync(conditions: new AppendBlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken: cancel);
        }
        catch (RequestFailedException exists) when (exists.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // Another appender was faster; its segment serves as well.
        }
    }

    private AppendBlobClient Blob(int segment) =>
        container.GetAppendBlobClient(prefix + segment.ToString("D8", CultureInfo.InvariantCulture));
}
