using System.Security.Cryptography;
using System.Text;

namespace ClockifyFunctions.Configuration;

/// <summary>An API key with its rate limits and the hosts that may receive it.</summary>
internal sealed class Credential(string name, string apiKey, string header, Uri baseUrl, IReadOnlyList<RateWindow> limits, IReadOnlyList<AllowedHost>? allowedHosts = null)
{
    public static readonly Uri GlobalApi = new("https://api.clockify.me/api/v1");

    public string Name { get; } = name;

    /// <summary>The secret. It is used in the request header only.</summary>
    public string ApiKey { get; } = apiKey;

    /// <summary>Why the key cannot be used for calls, as found at start. The credential is then treated as suspended, and other credentials are served. Null if the key can be used.</summary>
    public string? Unusable { get; init; }

    public string Header { get; } = header;

    public Uri BaseUrl { get; } = baseUrl;

    public IReadOnlyList<RateWindow> Limits { get; } = limits;

    /// <summary>Additional hosts that may receive the key.</summary>
    public IReadOnlyList<AllowedHost> AllowedHosts { get; } = allowedHosts ?? [];

    /// <summary>Which destination configs a message may carry for this credential.</summary>
    public InlineConfigs InlineConfigs { get; init; }

    /// <summary>The workspaces for which a message may carry the config of an endpoint. Empty: all workspaces.</summary>
    public IReadOnlyList<string> Workspaces { get; init; } = [];

    /// <summary>The last response of the API about the workspaces of the key.</summary>
    public KnownAccess Access { get; } = new();

    /// <summary>Removes the key from text that came from outside. Created on first use, like <see cref="Fingerprint"/>.</summary>
    public KeyRedaction Redaction => field ??= new KeyRedaction(ApiKey);

    /// <summary>The text that may be logged for a key. It distinguishes keys and reveals nothing else. Created on first use, because loading the hash library costs time and memory at start.</summary>
    public string Fingerprint => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey)))[..8];

    /// <summary>The reason why the key may not be sent to this URL; null if it may. Saving, preview, test and delivery use this check.</summary>
    public string? Refuse(Uri url)
    {
        if (url.Scheme is not ("https" or "http")) return $"'{url.Scheme}' is neither https nor http";
        if (url.UserInfo.Length > 0) return "a URL must not contain a user name or password";
        if (IsBase(url) || Lists(url)) return null;
        return url.Scheme == "http"
            ? $"'{url.Authority}' would be called without encryption; use https, or list 'http://{url.Authority}' in Credentials__{Name}__AllowedHosts"
            : $"'{url.Authority}' is not the API of credential '{Name}' ({BaseUrl.Authority}); list it in Credentials__{Name}__AllowedHosts to allow it";
    }

    /// <summary>
    /// Whether this host may resolve to a private address: only if the owner of the credential listed it or configured it as the API. The hosts of
    /// Clockify are public; if one of them resolves to a private address, the DNS response is not trusted.
    /// </summary>
    public bool MayBePrivate(Uri url) =>
        Lists(url) || (IsBase(url) && !url.Host.Equals("clockify.me", StringComparison.OrdinalIgnoreCase) && !url.Host.EndsWith(".clockify.me", StringComparison.OrdinalIgnoreCase));

    public override string ToString() => $"{Name} ({Fingerprint})";

    private bool IsBase(Uri url) => url.Port == BaseUrl.Port && url.Scheme == BaseUrl.Scheme && url.Host.Equals(BaseUrl.Host, StringComparison.OrdinalIgnoreCase);

    private bool Lists(Uri url) => AllowedHosts.Any(host => host.Matches(url));
}
