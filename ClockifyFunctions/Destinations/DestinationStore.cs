using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// Stores destinations. Reads are cached, so a change takes effect within <see cref="CacheFor"/>. While a destination does not change, every read
/// returns the same object.
/// </summary>
internal sealed class DestinationStore(BlobAccount account, TimeProvider time)
{
    public static readonly TimeSpan CacheFor = TimeSpan.FromSeconds(5);

    /// <summary>The age after which a record renews the document of an inline destination.</summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromHours(1);

    private const string Extension = ".json";

    private const int ReadsAtOnce = 16;

    private readonly ConcurrentDictionary<string, (long ReadAt, StoredDestination Stored, ETag ETag, DateTimeOffset WrittenAt)> _cache = new(StringComparer.Ordinal);

    /// <summary>
    /// Reads a destination from the cache, or from storage if it is not cached. Returns null if it does not exist. The cache does not keep missing
    /// destinations, because another process may have created one in the meantime.
    /// </summary>
    public async Task<StoredDestination?> FindAsync(string id, CancellationToken cancel)
    {
        if (!Names.IsValid(id)) return null;
        if (_cache.TryGetValue(id, out var cached) && time.GetElapsedTime(cached.ReadAt) < CacheFor) return cached.Stored;
        return (await ReadAsync(id, cancel))?.Stored;
    }

    /// <summary>Reads a destination from storage, with the ETag that a change must contain.</summary>
    public async Task<(StoredDestination Stored, ETag ETag)?> ReadAsync(string id, CancellationToken cancel)
    {
        var readAt = time.GetTimestamp();
        try
        {
            var read = (await account.Destinations.GetBlobClient(BlobName(id)).DownloadContentAsync(cancel)).Value;
            var stored = _cache.TryGetValue(id, out var known) && known.ETag == read.Details.ETag
                ? known.Stored : Read(read.Content.ToMemory().Span);
            Keep(id, readAt, stored, read.Details.ETag, read.Details.LastModified);
            return (stored, read.Details.ETag);
        }
        catch (RequestFailedException none) when (none.Status == 404)
        {
            _cache.TryRemove(id, out _);
            return null;
        }
    }

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel)
    {
        return await TagsAsync(cancel).Select(tag => tag.Id).ToListAsync(cancel);
    }

    /// <summary>Returns all destinations by id. Makes one listing, and one read for each destination that has changed since this process read it.</summary>
    public async Task<IReadOnlyList<StoredDestination>> AllAsync(CancellationToken cancel)
    {
        var tags = await TagsAsync(cancel).ToListAsync(cancel);
        var all = new StoredDestination?[tags.Count];
        await Parallel.ForAsync(0, tags.Count, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancel }, async (index, stop) =>
        {
            var (id, etag) = tags[index];
            all[index] = _cache.TryGetValue(id, out var known) && known.ETag == etag ? known.Stored : (await ReadAsync(id, stop))?.Stored;
        });
        return [.. all.OfType<StoredDestination>()];
    }

    private static StoredDestination Read(ReadOnlySpan<byte> content) => JsonSerializer.Deserialize(content, DestinationJson.Web.StoredDestination)!;

    /// <summary>Caches a version, unless the cached one is newer: a read that began before a write can end after it.</summary>
    private void Keep(string id, long readAt, StoredDestination stored, ETag etag, DateTimeOffset writtenAt) =>
        _cache.AddOrUpdate(id, _ => (readAt, stored, etag, writtenAt), (_, known) => known.ReadAt > readAt ? known : (readAt, stored, etag, writtenAt));

    private async IAsyncEnumerable<(string Id, ETag? ETag)> TagsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var blob in account.Destinations.GetBlobsAsync(cancellationToken: cancel))
            if (blob.Name.EndsWith(Extension, StringComparison.Ordinal)) yield return (blob.Name[..^Extension.Length], blob.Properties.ETag);
    }

    /// <summary>
    /// Writes a destination. Replaces the version <paramref name="expected"/>, or creates a new destination if it is null. Returns the new ETag, or null if
    /// the destination was changed or created in the meantime.
    /// </summary>
    public async Task<ETag?> WriteAsync(StoredDestination stored, ETag? expected, CancellationToken cancel)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(stored, DestinationJson.Web.StoredDestination);
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Conditions = expected is { } etag ? new BlobRequestConditions { IfMatch = etag } : new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        try
        {
            var written = await account.Destinations.GetBlobClient(BlobName(stored.Id)).UploadAsync(new BinaryData(content), options, cancel);
            Keep(stored.Id, time.GetTimestamp(), Read(content), written.Value.ETag, written.Value.LastModified);
            return written.Value.ETag;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 409 or 412)
        {
            _cache.TryRemove(stored.Id, out _);
            return null;
        }
    }

    /// <summary>
    /// Renews an inline destination for which a record arrived: writes its document again if it is old, so that it is not removed as idle. Returns false if
    /// the document was changed or removed since it was read.
    /// </summary>
    public async Task<bool> RenewAsync(StoredDestination stored, CancellationToken cancel)
    {
        if (!_cache.TryGetValue(stored.Id, out var cached) || !ReferenceEquals(cached.Stored, stored)) return false;
        return time.GetUtcNow() - cached.WrittenAt < RenewAfter || await WriteAsync(stored, cached.ETag, cancel) is not null;
    }

    /// <summary>Returns the ids of inline destinations whose documents were last written before <paramref name="before"/>.</summary>
    public async Task<IReadOnlyList<string>> ListInlineAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var ids = new List<string>();
        await foreach (var blob in account.Destinations.GetBlobsAsync(BlobTraits.None, BlobStates.None, Destination.InlinePrefix, cancel))
            if (blob.Name.EndsWith(Extension, StringComparison.Ordinal) && blob.Properties.LastModified < before) ids.Add(blob.Name[..^Extension.Length]);
        return ids;
    }

    /// <summary>Returns false if the destination was changed in the meantime.</summary>
    public async Task<bool> DeleteAsync(string id, ETag expected, CancellationToken cancel)
    {
        try
        {
            await account.Destinations.GetBlobClient(BlobName(id)).DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = expected }, cancellationToken: cancel);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status == 412)
        {
            return false;
        }
        finally
        {
            _cache.TryRemove(id, out _);
        }
    }

    private static string BlobName(string id) => id + Extension;
}
