using System.Security.Cryptography;
using System.Text;

namespace ClockifyFunctions.Configuration;

/// <summary>An API key, where it may be used, and how fast.</summary>
internal sealed class Credential(string name, string apiKey, string header, Uri baseUrl, IReadOnlyList<RateWindow> limits, IReadOnlyList<AllowedHost>? allowedHosts = null)
{
    public static readonly Uri GlobalApi = new("https://api.clockify.me/api/v1");

    public string Name { get; } = name;

    /// <summary>The secret. Goes into the request header and nowhere else.</summary>
    public string ApiKey { get; } = apiKey;

    /// <summary>Why no call can be made with the key as it was found at the start: as if it were suspended, so that the other keys are served. Null if one can.</summary>
    public string? Unusable { get; init; }

    public string Header { get; } = header;

    public Uri BaseUrl { get; } = baseUrl;

    public IReadOnlyList<RateWindow> Limits { get; } = limits;

    /// <summary>Further hosts that may receive the key.</summary>
    public IReadOnlyList<AllowedHost> AllowedHosts { get; } = allowedHosts ?? [];

    /// <summary>What a message that carries its own destination config may do with the key.</summary>
    public InlineConfigs InlineConfigs { get; init; }

    /// <summary>The workspaces for which a message may carry an endpoint's config; empty permits all.</summary>
    public IReadOnlyList<string> Workspaces { get; init; } = [];

    /// <summary>What the API last said about the key's workspaces.</summary>
    public KnownAccess Access { get; } = new();

    /// <summary>Takes the key out of text that came from outside. Created on first use, like <see cref="Fingerprint"/>.</summary>
    public KeyRedaction Redaction => field ??= new KeyRedaction(ApiKey);

    /// <summary>What may be logged of a key: tells two keys apart, tells nothing else. Not made before it is wanted: the library for it takes time and memory at the start.</summary>
    public string Fingerprint => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey)))[..8];

    /// <summary>Why the key may not go to this address, or null if it may. Saving, preview, test and delivery all ask here.</summary>
    public string? Refuse(Uri url)
    {
        if (url.Scheme is not ("https" or "http")) return $"'{url.Scheme}' is neither https nor http";
        if (url.UserInfo.Length > 0) return "a URL may not hold a user or password";
        if (IsBase(url) || Lists(url)) return null;
        return url.Scheme == "http"
            ? $"'{url.Authority}' would be called without encryption; use https, or list 'http://{url.Authority}' in Credentials__{Name}__AllowedHosts"
            : $"'{url.Authority}' is not the API of credential '{Name}' ({BaseUrl.Authority}); list it in Credentials__{Name}__AllowedHosts if the key may go there";
    }

    /// <summary>
    /// Whether this host may resolve to a private address: because its owner listed it, or made it the API. Clockify's own names
    /// are public; where one resolves to something private, somebody is in between.
    /// </summary>
    public bool MayBePrivate(Uri url) =>
        Lists(url) || (IsBase(url) && !url.Host.Equals("clockify.me", StringComparison.OrdinalIgnoreCase) && !url.Host.EndsWith(".clockify.me", StringComparison.OrdinalIgnoreCase));

    public override string ToString() => $"{Name} ({Fingerprint})";

    private bool IsBase(Uri url) => url.Port == BaseUrl.Port && url.Scheme == BaseUrl.Scheme && url.Host.Equals(BaseUrl.Host, StringComparison.OrdinalIgnoreCase);

    private bool Lists(Uri url) => AllowedHosts.Any(host => host.Matches(url));
}
