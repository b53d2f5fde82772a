namespace ClockifyFunctions.Configuration;

/// <summary>An additional host that may receive a key. <c>host</c> or <c>host:port</c> means https; <c>http://host</c> allows calls without encryption.</summary>
/// <param name="Origin">Scheme, host and port, without the default port of the scheme.</param>
internal readonly record struct AllowedHost(string Origin)
{
    public const string Rule = "host or host:port for https, or http://host to allow calls without encryption; omit the default port of the scheme";

    public static bool TryParse(string text, out AllowedHost host)
    {
        var origin = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        host = new AllowedHost(origin);
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && OriginOf(uri).Equals(origin, StringComparison.OrdinalIgnoreCase);
    }

    public bool Matches(Uri url) => OriginOf(url).Equals(Origin, StringComparison.OrdinalIgnoreCase);

    private static string OriginOf(Uri url) => $"{url.Scheme}://{url.Authority}";
}
