using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Ingest;

/// <summary>The state of a request with an <c>Idempotency-Key</c>.</summary>
internal abstract record RequestKnowledge
{
    /// <summary>The key was not used within the last day. Report the result of the request with <see cref="RequestKeys.FinishAsync"/> or <see cref="RequestKeys.ForgetAsync"/>.</summary>
    internal sealed record New(ETag Tag) : RequestKnowledge;

    /// <summary>The same request was answered with these ids.</summary>
    internal sealed record Same(IReadOnlyList<string> Ids) : RequestKnowledge;

    /// <summary>Another request was sent with the key.</summary>
    internal sealed record Other : RequestKnowledge;

    /// <summary>The same request is in progress, or was interrupted.</summary>
    internal sealed record Unfinished : RequestKnowledge;
}

/// <summary>Requests with an <c>Idempotency-Key</c>, under <c>links/{credential}/{destination}/requests/</c>. They are kept for a day.</summary>
internal sealed class RequestKeys(BlobAccount account, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <param name="content">Identifies the content of the request. Requests with equal content are considered equal.</param>
    public async Task<RequestKnowledge> BeginAsync(string credential, string destination, string key, IEnumerable<ReadOnlyMemory<byte>> content, CancellationToken cancel)
    {
        await DeleteOldAsync(credential, destination, cancel);
        var (name, digest) = (NameOf(credential, destination, key), DigestOf(content));
        try
        {
            return new RequestKnowledge.New((await WriteAsync(name, new StoredRequest(digest, null), new BlobRequestConditions { IfNoneMatch = ETag.All }, cancel)));
        }
        catch (RequestFailedException exists) when (exists.Status is 409 or 412)
        {
            var known = (await account.Links.GetBlobClient(name).DownloadContentAsync(cancel)).Value.Content.ToObjectFromJson(RequestKeysJson.Web.StoredRequest)!;
            return known.Digest != digest ? new RequestKnowledge.Other() : known.Ids is { } ids ? new RequestKnowledge.Same(ids) : new RequestKnowledge.Unfinished();
        }
    }

    /// <summary>Stores that all records of the request are queued, with these ids.</summary>
    public Task FinishAsync(string credential, string destination, string key, RequestKnowledge.New request, IEnumerable<ReadOnlyMemory<byte>> content, IReadOnlyList<string> ids) =>
        WriteAsync(NameOf(credential, destination, key), new StoredRequest(DigestOf(content), ids), new BlobRequestConditions { IfMatch = request.Tag }, CancellationToken.None);

    /// <summary>Stores that none of the records is queued, so that the request can be repeated.</summary>
    public Task ForgetAsync(string credential, string destination, string key) => account.Links.GetBlobClient(NameOf(credential, destination, key)).DeleteIfExistsAsync();

    private async Task<ETag> WriteAsync(string name, StoredRequest request, BlobRequestConditions conditions, CancellationToken cancel) =>
        (await account.Links.GetBlobClient(name).UploadAsync(new BinaryData(JsonSerializer.SerializeToUtf8Bytes(request, RequestKeysJson.Web.StoredRequest)), new BlobUploadOptions { Conditions = conditions }, cancel)).Value.ETag;

    private async Task DeleteOldAsync(string credential, string destination, CancellationToken cancel)
    {
        await foreach (var blob in account.Links.GetBlobsAsync(BlobTraits.None, BlobStates.None, Prefix(credential, destination), cancel))
            if (time.GetUtcNow() - blob.Properties.LastModified >= KeptFor) await account.Links.GetBlobClient(blob.Name).DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = blob.Properties.ETag }, cancellationToken: cancel);
    }

    private static string Prefix(string credential, string destination) => $"{credential}/{destination}/requests/";

    /// <summary>The key is hashed, because clients can choose any text.</summary>
    private static string NameOf(string credential, string destination, string key) => Prefix(credential, destination) + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string DigestOf(IEnumerable<ReadOnlyMemory<byte>> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in content)
        {
            hash.AppendData(part.Span);
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <param name="Ids">The ids of the queued records; null until all are queued.</param>
internal sealed record StoredRequest(string Digest, IReadOnlyList<string>? Ids);

/// <summary>JSON of stored requests.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StoredRequest))]
internal sealed partial class RequestKeysJson : JsonSerializerContext
{
    public static readonly RequestKeysJson Web = new(JsonText.Options());
}
