using System.Security.Cryptography;
using System.Text;
using ClockifyFunctions.RateLimiting;

namespace ClockifyFunctions.Destinations;

/// <summary>An API key, where it may be used, and how fast.</summary>
internal sealed class Credential(string name, string apiKey, string header, Uri baseUrl, IReadOnlyList<RateWindow> limits)
{
    public static readonly Uri GlobalApi = new("https://api.clockify.me/api/v1");

    public string Name { get; } = name;

    /// <summary>The secret. Goes into the request header and nowhere else.</summary>
    public string ApiKey { get; } = apiKey;

    public string Header { get; } = header;

    public Uri BaseUrl { get; } = baseUrl;

    public IReadOnlyList<RateWindow> Limits { get; } = limits;

    /// <summary>What may be logged of a key: tells two keys apart, tells nothing else.</summary>
    public string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(apiKey)))[..8];

    public override string ToString() => $"{Name} ({Fingerprint})";
}
