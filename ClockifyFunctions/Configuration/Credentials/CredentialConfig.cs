namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>A credential as a person writes it: the body of <c>PUT /api/credentials/{name}</c>, and the value of the stored secret. <see cref="Credential"/> is the validated form.</summary>
internal sealed record CredentialConfig
{
    /// <summary>The Clockify API key. A change without this member keeps the key.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Default <see cref="Credential.GlobalApi"/>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The request header that carries the key. Default <c>X-Api-Key</c>.</summary>
    public string? Header { get; init; }

    /// <summary>
    /// Rate limits, each as <c>permits/period</c>: 1 to 100000 permits, 00:00:00.1 to 1.00:00:00, and at least one call in two minutes.
    /// Default <c>10/00:00:01</c>.
    /// </summary>
    public IReadOnlyList<string>? Limits { get; init; }

    /// <summary>Additional hosts that may receive the key: <c>host</c> or <c>host:port</c> for https, <c>http://host</c> for calls without encryption. Default none.</summary>
    public IReadOnlyList<string>? AllowedHosts { get; init; }

    /// <summary><c>none</c>, <c>endpoints</c> (default) or <c>all</c>.</summary>
    public string? InlineConfigs { get; init; }

    /// <summary>The workspaces for which a message may carry its own config. Default: all.</summary>
    public IReadOnlyList<string>? Workspaces { get; init; }

    /// <summary>Does not print the members, because one of them is the key.</summary>
    public override string ToString() => nameof(CredentialConfig);
}
