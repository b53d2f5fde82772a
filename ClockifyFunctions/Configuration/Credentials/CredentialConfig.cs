namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>A credential as a person writes it: the body of <c>PUT /api/credentials/{name}</c>, and with the key the value of its secret. <see cref="Credential"/> is the validated form.</summary>
internal sealed record CredentialConfig
{
    /// <summary>The Clockify API key. A change may leave it out and keeps the key then.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Default <see cref="Credential.GlobalApi"/>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The request header that carries the key. Default <c>X-Api-Key</c>.</summary>
    public string? Header { get; init; }

    /// <summary>Each <c>permits/period</c>, for example <c>10/00:00:01</c>, which is the default.</summary>
    public IReadOnlyList<string>? Limits { get; init; }

    /// <summary>Further hosts that may receive the key.</summary>
    public IReadOnlyList<string>? AllowedHosts { get; init; }

    /// <summary><c>none</c>, <c>endpoints</c> (default) or <c>all</c>.</summary>
    public string? InlineConfigs { get; init; }

    /// <summary>The workspaces for which a message may carry its own config. Default all.</summary>
    public IReadOnlyList<string>? Workspaces { get; init; }

    /// <summary>Never the members: a record would print the key.</summary>
    public override string ToString() => nameof(CredentialConfig);
}
