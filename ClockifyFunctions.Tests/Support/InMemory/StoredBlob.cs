namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>One blob of <see cref="InMemoryBlobs"/>.</summary>
internal sealed class StoredBlob(string type, BlobLease lease)
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>The value of <c>x-ms-blob-type</c>.</summary>
    public string Type { get; } = type;

    public BlobLease Lease { get; } = lease;

    public string ContentType { get; set; } = "application/octet-stream";

    public IReadOnlyDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    public string ETag { get; set; } = "";

    public DateTimeOffset CreatedOn { get; init; }

    public DateTimeOffset LastModified { get; set; }

    public int Blocks { get; private set; }

    public int Length => _length;

    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, _length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        // Allocate a new array instead of changing the old one, because a reader may still use it.
        if (_length + bytes.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        Blocks++;
    }
}
