using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>
/// Reads and writes one cursor. Only the holder of the credential's gate writes it. If a process that has lost the gate still writes,
/// storage refuses the write because the ETag has changed.
/// </summary>
internal sealed class CursorBlob
{
    private readonly BlobClient _blob;
    private ETag? _etag;

    private CursorBlob(BlobClient blob, Cursor cursor, ETag? etag) => (_blob, Cursor, _etag) = (blob, cursor, etag);

    public Cursor Cursor { get; private set; }

    /// <summary>Opens the cursor from a listing, which costs no transaction.</summary>
    public static CursorBlob Open(BlobAccount account, BacklogSummary backlog) =>
        new(account.Backlog.GetBlobClient(Backlogs.Prefix(backlog.Credential, backlog.Destination) + Backlogs.CursorName), backlog.Cursor, backlog.CursorTag);

    /// <exception cref="RequestFailedException">412 or 409: another process has moved the cursor, so this process has lost the gate.</exception>
    public async Task MoveAsync(Cursor cursor, CancellationToken cancel)
    {
        if (cursor == Cursor) return;
        // Setting metadata costs a twelfth of a write.
        _etag = _etag is { } etag
            ? (await _blob.SetMetadataAsync(cursor.ToMetadata(), new BlobRequestConditions { IfMatch = etag }, cancel)).Value.ETag
            : (await _blob.UploadAsync(BinaryData.Empty, new BlobUploadOptions { Metadata = cursor.ToMetadata(), Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancel)).Value.ETag;
        Cursor = cursor;
    }
}
