using Azure.Core;
using Azure.Security.KeyVault.Secrets;

namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>Opens the place that the settings name for managed credentials.</summary>
internal static class SecretPlaces
{
    /// <summary>A page waits for the vault, and a drain does not begin before it has answered.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>Null where the settings name none.</returns>
    public static ISecretStore? Open(AppSettings settings, TimeProvider time) =>
        settings.KeyVaultUri is { } vault ? new SecretVault(new SecretClient(vault, settings.KeyVaultIdentity.Credential(), new SecretClientOptions { Retry = { MaxRetries = 1, NetworkTimeout = Patience, Mode = RetryMode.Fixed } }))
        : settings.CredentialsFile is { } file ? new SecretFile(file, time)
        : null;
}
