using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>
/// The part of the REST interface of the Blob service that the app uses: containers, block blobs with a single upload, append blobs, properties,
/// metadata, leases, lists. The tests of the storage code run against it and against Azurite, so both behave alike.
/// </summary>
internal sealed class InMemoryBlobs(TimeProvider time)
{
    /// <summary>The limit of the service for an append blob.</summary>
    private const int MostBlocks = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<string, StoredBlob>> _containers = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Executes one request, whose body is in <paramref name="body"/>.</summary>
    public HttpResponseMessage Answer(HttpRequestMessage request, ReadOnlyMemory<byte> body)
    {
        // /{account}/{container}/{blob}: a local address contains the account in the path.
        var path = request.RequestUri!.AbsolutePath.Split('/', 4)[2..];
        var query = new BlobQuery(request);
        lock (_lock)
        {
            var answer = path.Length == 1 ? OnContainer(request, query, path[0]) : OnBlob(request, query, path[0], Uri.UnescapeDataString(path[1]), body);
            answer.Headers.Date = time.GetUtcNow();
            answer.RequestMessage = request;
            return answer;
        }
    }

    private HttpResponseMessage OnContainer(HttpRequestMessage request, BlobQuery query, string container)
    {
        if (request.Method == HttpMethod.Put)
            return _containers.TryAdd(container, new SortedDictionary<string, StoredBlob>(StringComparer.Ordinal)) ? Answer(HttpStatusCode.Created, container: true) : Error(409, "ContainerAlreadyExists");
        if (!_containers.TryGetValue(container, out var blobs)) return Error(404, "ContainerNotFound");
        return query["comp"] == "list" ? BlobList.Answer(container, blobs, query) : Answer(HttpStatusCode.OK, container: true);
    }

    private HttpResponseMessage OnBlob(HttpRequestMessage request, BlobQuery query, string container, string name, ReadOnlyMemory<byte> body)
    {
        if (!_containers.TryGetValue(container, out var blobs)) return Error(404, "ContainerNotFound");
        var blob = blobs.GetValueOrDefault(name);
        return (request.Method.Method, query["comp"]) switch
        {
            ("PUT", null) => Put(blobs, name, blob, query, body),
            _ when blob is null => Error(404, "BlobNotFound"),
            ("PUT", "appendblock") => Append(blob, query, body),
            ("PUT", "metadata") => SetMetadata(blob, query),
            ("PUT", "lease") => ApplyLease(blob, query),
            ("GET", null) => Read(blob, query, withBody: true),
            ("HEAD", null) => Read(blob, query, withBody: false),
            ("DELETE", null) => Delete(blobs, name, blob, query),
            var (method, operation) => throw new NotSupportedException($"{method} with comp={operation} is not implemented."),
        };
    }

    private HttpResponseMessage Put(SortedDictionary<string, StoredBlob> blobs, string name, StoredBlob? old, BlobQuery query, ReadOnlyMemory<byte> body)
    {
        if (old is not null && query.Header("If-None-Match") == "*") return Error(409, "BlobAlreadyExists");
        if (Refuse(old, query) is { } refused) return refused;
        var blob = new StoredBlob(query.Header("x-ms-blob-type")!, old?.Lease ?? new BlobLease(time)) { Metadata = query.Metadata, CreatedOn = old?.CreatedOn ?? time.GetUtcNow() };
        if (query.Header("x-ms-blob-content-type") is { } contentType) blob.ContentType = contentType;
        if (!body.IsEmpty) blob.Append(body.Span);
        blobs[name] = blob;
        return Answer(HttpStatusCode.Created, Written(blob));
    }

    private HttpResponseMessage Append(StoredBlob blob, BlobQuery query, ReadOnlyMemory<byte> body)
    {
        if (Refuse(blob, query) is { } refused) return refused;
        if (blob.Type != "AppendBlob") return Error(409, "InvalidBlobType");
        if (query.Number("x-ms-blob-condition-appendpos") is { } at && at != blob.Length) return Error(412, "AppendPositionConditionNotMet");
        if (query.Number("x-ms-blob-condition-maxsize") is { } most && blob.Length + body.Length > most) return Error(412, "MaxBlobSizeConditionNotMet");
        if (blob.Blocks == MostBlocks) return Error(409, "BlockCountExceedsLimit");
        var offset = blob.Length;
        blob.Append(body.Span);
        var answer = Answer(HttpStatusCode.Created, Written(blob));
        answer.Headers.Add("x-ms-blob-append-offset", offset.ToString(CultureInfo.InvariantCulture));
        answer.Headers.Add("x-ms-blob-committed-block-count", blob.Blocks.ToString(CultureInfo.InvariantCulture));
        return answer;
    }

    private HttpResponseMessage SetMetadata(StoredBlob blob, BlobQuery query)
    {
        if (Refuse(blob, query) is { } refused) return refused;
        blob.Metadata = query.Metadata;
        return Answer(HttpStatusCode.OK, Written(blob));
    }

    private static HttpResponseMessage ApplyLease(StoredBlob blob, BlobQuery query)
    {
        var action = query.Header("x-ms-lease-action")!;
        if (blob.Lease.Apply(action, query.Header("x-ms-lease-id"), query.Header("x-ms-proposed-lease-id"), query.Seconds("x-ms-lease-duration"), query.Seconds("x-ms-lease-break-period")) is { } code) return Error(409, code);
        var answer = Answer(action switch { "acquire" => HttpStatusCode.Created, "break" => HttpStatusCode.Accepted, _ => HttpStatusCode.OK }, blob);
        if ((query.Header("x-ms-proposed-lease-id") ?? query.Header("x-ms-lease-id")) is { } id) answer.Headers.Add("x-ms-lease-id", id);
        return answer;
    }

    private static HttpResponseMessage Read(StoredBlob blob, BlobQuery query, bool withBody)
    {
        if (query.Range is not { } range) return Describe(Answer(HttpStatusCode.OK, blob), blob, withBody ? blob.Content : default, blob.Length);
        if (range.From >= blob.Length) return Error(416, "InvalidRange");
        var end = (int)Math.Min(range.To, blob.Length - 1);
        var part = blob.Content[(int)range.From..(end + 1)];
        var answer = Describe(Answer(HttpStatusCode.PartialContent, blob), blob, part, part.Length);
        answer.Content.Headers.ContentRange = new ContentRangeHeaderValue(range.From, end, blob.Length);
        return answer;
    }

    private static HttpResponseMessage Describe(HttpResponseMessage answer, StoredBlob blob, ReadOnlyMemory<byte> body, int length)
    {
        answer.Content = new ReadOnlyMemoryContent(body);
        answer.Content.Headers.ContentLength = length;
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", blob.ContentType);
        answer.Content.Headers.LastModified = blob.LastModified;
        answer.Headers.Add("x-ms-blob-type", blob.Type);
        answer.Headers.Add("x-ms-lease-state", blob.Lease.State);
        answer.Headers.Add("x-ms-lease-status", blob.Lease.IsHeld ? "locked" : "unlocked");
        foreach (var (name, value) in blob.Metadata) answer.Headers.Add($"x-ms-meta-{name}", value);
        return answer;
    }

    private static HttpResponseMessage Delete(SortedDictionary<string, StoredBlob> blobs, string name, StoredBlob blob, BlobQuery query)
    {
        if (Refuse(blob, query) is { } refused) return refused;
        blobs.Remove(name);
        return new HttpResponseMessage(HttpStatusCode.Accepted);
    }

    /// <summary>The reason to refuse a write; null if it is allowed.</summary>
    private static HttpResponseMessage? Refuse(StoredBlob? blob, BlobQuery query)
    {
        // A list returns ETags without quotation marks. The service accepts both forms.
        if (query.Header("If-Match") is { } match && match != "*" && blob?.ETag.Trim('"') != match.Trim('"')) return Error(412, "ConditionNotMet");
        return blob?.Lease.Refuse(query.Header("x-ms-lease-id")) is { } code ? Error(412, code) : null;
    }

    private StoredBlob Written(StoredBlob blob)
    {
        blob.ETag = string.Create(CultureInfo.InvariantCulture, $"\"0x{++_version:X}\"");
        // The service stores whole seconds.
        blob.LastModified = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        blob.Lease.Written();
        return blob;
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, StoredBlob? blob = null, bool container = false)
    {
        var answer = new HttpResponseMessage(status) { Content = new ReadOnlyMemoryContent(default) };
        if (blob is not null || container)
        {
            answer.Headers.ETag = new EntityTagHeaderValue(blob?.ETag ?? "\"0x0\"");
            answer.Content.Headers.LastModified = blob?.LastModified ?? DateTimeOffset.UnixEpoch;
        }

        return answer;
    }

    private static HttpResponseMessage Error(int status, string code)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent($"<Error><Code>{code}</Code></Error>") };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
        answer.Headers.Add("x-ms-error-code", code);
        return answer;
    }
}
