namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>Stores managed credentials including their keys.</summary>
internal interface ISecretStore
{
    /// <summary>All stored credentials by name. Secrets that are not credentials are ignored.</summary>
    Task<IReadOnlyDictionary<string, CredentialConfig>> ReadAllAsync(CancellationToken cancel);

    /// <summary>Creates or replaces a credential.</summary>
    Task WriteAsync(string name, CredentialConfig credential, CancellationToken cancel);

    /// <summary>Deletes a credential, if it exists.</summary>
    Task DeleteAsync(string name, CancellationToken cancel);
}
