using System.Globalization;
using System.Web;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>Query and headers of a request to <see cref="InMemoryBlobs"/>.</summary>
internal sealed class BlobQuery(HttpRequestMessage request)
{
    private const string MetadataPrefix = "x-ms-meta-";

    private readonly System.Collections.Specialized.NameValueCollection _query = HttpUtility.ParseQueryString(request.RequestUri!.Query);

    public string? this[string name] => _query[name];

    /// <summary>The metadata, with names in lower case as the service returns them.</summary>
    public IReadOnlyDictionary<string, string> Metadata => request.Headers.NonValidated
        .Where(header => header.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(header => header.Key[MetadataPrefix.Length..], header => header.Value.ToString(), StringComparer.Ordinal);

    /// <summary>The requested range. Both ends are included.</summary>
    public (long From, long To)? Range
    {
        get
        {
            if ((Header("x-ms-range") ?? Header("Range")) is not { } text) return null;
            var ends = text["bytes=".Length..].Split('-');
            return (long.Parse(ends[0], CultureInfo.InvariantCulture), ends[1].Length == 0 ? long.MaxValue : long.Parse(ends[1], CultureInfo.InvariantCulture));
        }
    }

    public string? Header(string name) => request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    public long? Number(string header) => Header(header) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    public TimeSpan? Seconds(string header) => Number(header) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
