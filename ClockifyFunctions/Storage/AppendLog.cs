using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ClockifyFunctions.Storage;

/// <summary>
/// An ordered log of lines on append blobs named <c>{prefix}{segment}</c>. Either any number of processes append and one process
/// reads, or one process at a time appends at the position it has read to (<see cref="AppendAtAsync"/>). A new segment begins
/// before the service limit of 50,000 blocks is reached.
/// </summary>
/// <remarks>
/// A reader leaves a segment without missing a late append: it deletes the segment with the ETag that it saw last, and only if a later
/// segment exists. An append changes the ETag, so the deletion fails and the reader continues. A later append gets 404 and uses the newest
/// segment. This needs neither clocks nor locks.
/// </remarks>
internal sealed class AppendLog(BlobContainerClient container, string prefix, int rollAtBlocks = 10_000, long rollAtBytes = 64 << 20)
{
    /// <summary>Maximum block size. The service accepts 4 MiB from every client version.</summary>
    private const int MaxBlock = 4 << 20;

    private volatile int _newest;

    /// <summary>Appends values as lines, in as few blocks as possible. If it throws, none, some of the first, or all of them may be in the log.</summary>
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
                if (next.Segment > _newest) _newest = next.Segment; // Never decrease it: another append may have increased it meanwhile.
                return;
            }
            catch (RequestFailedException gone) when (gone.Status == 404)
            {
                _newest = 0; // The reader has deleted this segment, or no segment exists yet.
            }
            catch (RequestFailedException full) when (full.ErrorCode == BlobErrorCode.BlockCountExceedsLimit)
            {
                await CreateAsync(segment + 1, cancel);
                _newest = segment + 1;
            }
        }
    }

    /// <summary>
    /// Appends one block at <paramref name="at"/>, which must be the end of the log. The service refuses the block if another process has appended
    /// since. A delayed writer therefore adds nothing behind lines that it has not read.
    /// </summary>
    /// <returns>The position for the next append; null if the log does not end at <paramref name="at"/>.</returns>
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
            // The block itself may be there: if the first response was lost, the client library has sent the block again.
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
    /// Leaves a segment whose lines are all finished: moves to the next segment, if there is one, and deletes the old one. Returns the position
    /// at which to continue. It is <paramref name="end"/> if the segment is still the newest or has grown.
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

    /// <summary>Deletes a segment in the version that was listed; false if a process has appended to it since.</summary>
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

    /// <summary>Begins a segment, so that later appends do not go to earlier segments. An append that is in progress may still do so.</summary>
    public async Task BeginSegmentAsync(CancellationToken cancel)
    {
        var next = await FindOrCreateNewestAsync(cancel) + 1;
        await CreateAsync(next, cancel);
        _newest = next;
    }

    /// <summary>The start of the first segment after <paramref name="segment"/>; null if there is none.</summary>
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

    /// <summary>Whether the last part of a blob name is a segment number, unlike for example <c>cursor</c>.</summary>
    public static bool TryParseSegment(ReadOnlySpan<char> name, out int number) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static LogPosition? Next(SortedDictionary<int, BlobItem> segments, int segment) =>
        segments.Keys.Where(number => number > segment).Select(number => (LogPosition?)new LogPosition(number, 0)).FirstOrDefault();

    /// <summary>At most <paramref name="length"/> bytes; none at the end, or if the segment does not exist.</summary>
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

    /// <summary>Appends to a segment, creates the next segment if this one is full, and returns the position for the next append.</summary>
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
            // Another process has created the segment, which can be used as well.
        }
    }

    private AppendBlobClient Blob(int segment) =>
        container.GetAppendBlobClient(prefix + segment.ToString("D8", CultureInfo.InvariantCulture));
}
