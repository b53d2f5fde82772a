using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.References;

/// <summary>
/// Stores the last snapshot of each list as <c>lookups/{credential}/{workspace}/{list}[/{scope}]</c>. Other processes and previews start with it. Only
/// the holder of the gate writes snapshots. They are a cache: a lost or old snapshot only costs additional calls.
/// </summary>
internal sealed class SnapshotStore(BlobAccount account)
{
    /// <returns>Null if there is no snapshot, or if it cannot be read.</returns>
    public async Task<Snapshot?> LoadAsync(string credential, ListKey key, CancellationToken cancel)
    {
        try
        {
            var content = (await account.Lookups.GetBlobClient(NameOf(credential, key)).DownloadContentAsync(cancel)).Value.Content;
            return Read(key, content.ToMemory());
        }
        catch (Exception unreadable) when (unreadable is RequestFailedException or AggregateException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    public async Task SaveAsync(string credential, Snapshot snapshot, CancellationToken cancel)
    {
        snapshot.IsChanged = false;
        await account.Lookups.GetBlobClient(NameOf(credential, snapshot.Key)).UploadAsync(new BinaryData(Write(snapshot)), overwrite: true, cancel);
    }

    /// <summary>Deletes the snapshots of a credential that is deleted.</summary>
    public async Task DeleteAsync(string credential, CancellationToken cancel)
    {
        await foreach (var blob in account.Lookups.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{credential}/", cancel))
            await account.Lookups.GetBlobClient(blob.Name).DeleteIfExistsAsync(cancellationToken: cancel);
    }

    private static string NameOf(string credential, ListKey key) => $"{credential}/{key.WorkspaceId}/{key.List}{(key.Scope is { } scope ? $"/{scope}" : "")}";

    private static ReadOnlyMemory<byte> Write(Snapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("takenAt", snapshot.TakenAt);
        writer.WriteNumber("pages", snapshot.Pages);
        writer.WriteBoolean("isWhole", snapshot.IsWhole);
        writer.WriteStartArray("rows");
        foreach (var row in snapshot.Rows) writer.WriteRawValue(row.Json.Utf8.Span, skipInputValidation: true);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static Snapshot Read(ListKey key, ReadOnlyMemory<byte> content)
    {
        using var stored = JsonDocument.Parse(content);
        var root = stored.RootElement;
        var takenAt = DateTimeOffset.Parse(root.GetProperty("takenAt").GetString()!, CultureInfo.InvariantCulture);
        var lookup = EndpointCatalog.Lookups[key.List];
        var snapshot = new Snapshot(lookup, key, takenAt, isOwn: false);
        snapshot.AddPages(root.GetProperty("pages").GetInt32(), root.GetProperty("isWhole").GetBoolean(), root.GetProperty("rows").EnumerateArray().Select(row => Listed.Of(lookup, row, takenAt)).OfType<Listed>());
        return snapshot;
    }
}
