using Azure.Core;
using Azure.Security.KeyVault.Secrets;

namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>Opens the store that the settings name for managed credentials.</summary>
internal static class SecretStores
{
    /// <summary>Maximum wait for the vault. Pages and drains wait for its response.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>Null if the settings name none.</returns>
    public static ISecretStore? Open(AppSettings settings, TimeProvider time) =>
        settings.KeyVaultUri is { } vault ? new SecretVault(new SecretClient(vault, settings.KeyVaultIdentity.Credential(), new SecretClientOptions { Retry = { MaxRetries = 1, NetworkTimeout = Patience, Mode = RetryMode.Fixed } }))
        : settings.CredentialsFile is { } file ? new SecretFile(file, time)
        : null;
}
