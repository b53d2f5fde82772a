namespace ClockifyFunctions.Destinations;

/// <summary>A destination as a person writes it. See <see cref="Destination"/> for the validated form.</summary>
public sealed record DestinationConfig
{
    /// <summary>Name of a credential from the app settings (<c>Credentials__{name}__ApiKey</c>). Required.</summary>
    public string? Credential { get; init; }

    /// <summary>One of the endpoint templates, for example <c>createTimeEntry</c>. Required.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The template's inputs by name, for example <c>workspaceId</c>.</summary>
    public IReadOnlyDictionary<string, string>? Inputs { get; init; }

    /// <summary>What to do with a create whose outcome is unknown: <c>verify</c> (default: read back, then send again if absent), <c>resend</c> or <c>quarantine</c>.</summary>
    public string? OnUnknown { get; init; }
}
