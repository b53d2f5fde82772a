namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>Keeps managed credentials with their keys.</summary>
internal interface ISecretStore
{
    /// <summary>All stored credentials by name. A secret that is no credential is left out.</summary>
    Task<IReadOnlyDictionary<string, CredentialConfig>> ReadAllAsync(CancellationToken cancel);

    /// <summary>Creates or replaces one.</summary>
    Task WriteAsync(string name, CredentialConfig credential, CancellationToken cancel);

    /// <summary>Deletes one, if it is there.</summary>
    Task DeleteAsync(string name, CancellationToken cancel);
}
