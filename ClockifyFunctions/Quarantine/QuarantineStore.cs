using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Quarantine;

/// <summary>Stores the records that a person must examine, in append logs under <c>quarantine/{destination}/</c>. Replays and discards are appended as lines too.</summary>
internal sealed class QuarantineStore(BlobAccount account)
{
    /// <summary>The quarantine for messages without a known destination. No valid destination id starts with an underscore.</summary>
    public const string Unrouted = "_unrouted";

    /// <summary>How long replayed entries are kept. They show the earlier reasons if a record is quarantined again.</summary>
    private static readonly TimeSpan ReplayedIsKept = TimeSpan.FromDays(7);

    /// <summary>Maximum number of listings that are cached for repeated requests.</summary>
    private const int MostListings = 4;

    /// <summary>Maximum bytes of entries in memory.</summary>
    private const int MostBytes = 8 << 20;

    /// <summary>Messages with more bytes are stored in a blob of their own, so that several entries fit into one block.</summary>
    private const int MostInline = 1 << 20;

    private readonly ConcurrentDictionary<string, QuarantineLog> _logs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Version, int Offset, int Most, QuarantineListing Listing)> _listed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Version, QuarantineCount Count)> _counted = new(StringComparer.Ordinal);

    public async Task AddAsync(string destination, IReadOnlyCollection<QuarantineEntry> entries, CancellationToken cancel)
    {
        var lines = new List<QuarantineEntry>();
        foreach (var entry in entries) lines.Add(await WithoutLargeBodyAsync(destination, entry, cancel));
        await Log(destination).AppendAsync(lines, cancel);
        Instruments.QuarantineEntries.Add(entries.Count(entry => !entry.Closes()), new KeyValuePair<string, object?>(Instruments.Destination, destination));
    }

    /// <summary>A part of the open entries of a destination, oldest first, each id once and with its history, and their total number. It reads the log again only after a change.</summary>
    /// <param name="most">Maximum number of entries. Fewer are returned if they exceed 8 MB.</param>
    /// <param name="offset">Number of entries to skip at the start.</param>
    public async Task<QuarantineListing> ListAsync(string destination, int most, CancellationToken cancel, int offset = 0)
    {
        var version = Version((await Log(destination).SegmentsAsync(cancel)).Values);
        if (_listed.TryGetValue(destination, out var known) && known.Version == version && known.Offset == offset && known.Most == most) return known.Listing;
        var state = await Log(destination).StateAsync(cancel);
        var (entries, bytes, skipped) = (new List<QuarantineEntry>(), 0L, 0);
        await foreach (var (entry, size) in Log(destination).ReadOpenAsync(state, cancel))
        {
            if (skipped++ < offset) continue;
            if (entries.Count == most || (bytes += size) > MostBytes) break;
            entries.Add(entry);
        }

        var listing = new QuarantineListing(entries, state.OpenCount);
        if (_listed.Count >= MostListings) _listed.Clear();
        _listed[destination] = (version, offset, most, listing);
        return listing;
    }

    /// <summary>The number of open entries of each destination. Destinations without entries are not included. It costs one listing, and one read of each log that has changed.</summary>
    public async Task<IReadOnlyDictionary<string, QuarantineCount>> CountAllAsync(CancellationToken cancel)
    {
        var logs = new Dictionary<string, List<BlobItem>>(StringComparer.Ordinal);
        await foreach (var blob in account.Quarantine.GetBlobsAsync(cancellationToken: cancel))
        {
            if (blob.Name.Split('/') is not [var destination, var segment] || !AppendLog.TryParseSegment(segment, out _)) continue;
            if (!logs.TryGetValue(destination, out var segments)) logs[destination] = segments = [];
            segments.Add(blob);
        }

        var counts = new Dictionary<string, QuarantineCount>(StringComparer.Ordinal);
        foreach (var (destination, segments) in logs)
        {
            var version = Version(segments);
            if (!_counted.TryGetValue(destination, out var counted) || counted.Version != version)
                _counted[destination] = counted = (version, new QuarantineCount((await Log(destination).StateAsync(cancel)).OpenCount, XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(version)).ToString("x", CultureInfo.InvariantCulture)));
            counts[destination] = counted.Count;
        }

        return counts;
    }

    /// <summary>All entries of a destination that are open now, in parts that fit into memory.</summary>
    public async IAsyncEnumerable<IReadOnlyList<QuarantineEntry>> AllAsync(string destination, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (part, bytes) = (new List<QuarantineEntry>(), 0L);
        await foreach (var (entry, size) in Log(destination).ReadOpenAsync(await Log(destination).StateAsync(cancel), cancel))
        {
            if (part.Count > 0 && bytes + size > MostBytes)
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(entry);
            bytes += size;
        }

        if (part.Count > 0) yield return part;
    }

    /// <summary>Closes entries, so that they are no longer listed.</summary>
    /// <param name="how"><see cref="QuarantineEntry.Replayed"/> or <see cref="QuarantineEntry.Discarded"/>.</param>
    public Task CloseAsync(string destination, IEnumerable<QuarantineEntry> entries, string how, DateTimeOffset now, CancellationToken cancel) =>
        AddAsync(destination, [.. entries.Select(entry => new QuarantineEntry(entry.Id, entry.MessageId, entry.Destination, now, how, "", Replay: entry.Replay))], cancel);

    /// <summary>Erases discarded entries, and entries that were replayed a week ago. The entries of the destination must not be read in parts meanwhile.</summary>
    public Task EraseClosedAsync(string destination, DateTimeOffset now, CancellationToken cancel) => EraseAsync(destination, now, ReplayedIsKept, cancel);

    /// <summary>Erases the quarantine of a destination that is deleted: all entries, or only closed ones.</summary>
    public async Task DeleteAsync(string destination, bool onlyClosed, CancellationToken cancel)
    {
        if (onlyClosed)
        {
            await EraseAsync(destination, DateTimeOffset.MaxValue, TimeSpan.Zero, cancel);
            return;
        }

        await foreach (var blob in account.Quarantine.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{destination}/", cancel))
            await account.Quarantine.GetBlobClient(blob.Name).DeleteIfExistsAsync(cancellationToken: cancel);
    }

    /// <summary>The bytes of a message that is not a record.</summary>
    public async Task<ReadOnlyMemory<byte>> RawAsync(QuarantineEntry entry, CancellationToken cancel) =>
        entry.RawBlob is { } name ? (await account.Quarantine.GetBlobClient(name).DownloadContentAsync(cancel)).Value.Content.ToMemory() : entry.Raw;

    private async Task EraseAsync(string destination, DateTimeOffset now, TimeSpan keep, CancellationToken cancel)
    {
        foreach (var body in await Log(destination).EraseClosedAsync(now, keep, cancel))
            await account.Quarantine.GetBlobClient(body).DeleteIfExistsAsync(cancellationToken: cancel);
        // The cached listings contain entries too.
        _listed.TryRemove(destination, out _);
    }

    private async Task<QuarantineEntry> WithoutLargeBodyAsync(string destination, QuarantineEntry entry, CancellationToken cancel)
    {
        if (entry.Raw is not { Length: > MostInline } raw) return entry;
        var name = $"{destination}/bodies/{entry.Id}";
        await account.Quarantine.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(raw), overwrite: true, cancel);
        return entry with { Raw = null, RawBlob = name };
    }

    /// <summary>A version that changes with each write.</summary>
    private static string Version(IEnumerable<BlobItem> segments) => string.Join(' ', segments.Select(segment => $"{segment.Name}:{segment.Properties.ETag}"));

    private QuarantineLog Log(string destination) => _logs.GetOrAdd(destination, id => new QuarantineLog(new AppendLog(account.Quarantine, $"{id}/")));
}

/// <param name="Entries">Number of open entries.</param>
/// <param name="Tag">Changes with each write, so that a page knows when to list the entries again.</param>
internal readonly record struct QuarantineCount(int Entries, string Tag);

/// <param name="Total">Number of open entries, listed or not.</param>
internal sealed record QuarantineListing(IReadOnlyList<QuarantineEntry> Entries, int Total);
