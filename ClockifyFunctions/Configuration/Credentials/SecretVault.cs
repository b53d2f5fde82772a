using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>Stores managed credentials in an Azure Key Vault, one secret per credential. The app's identity needs the role Key Vault Secrets Officer.</summary>
internal sealed class SecretVault(SecretClient client) : ISecretStore
{
    /// <summary>Prefix of the secrets that this class owns. Secrets named <c>clockify-{name}</c> belong to app settings.</summary>
    private const string Prefix = "clockify-managed-";

    /// <summary>The vault stores times in whole seconds, so a secret that is read within this time after its change may change again without a visible difference.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (DateTimeOffset? UpdatedOn, CredentialConfig Credential)> _read = new(StringComparer.Ordinal);

    /// <summary>Costs one listing, and one read of each secret that has changed since the last call.</summary>
    public async Task<IReadOnlyDictionary<string, CredentialConfig>> ReadAllAsync(CancellationToken cancel)
    {
        var all = new Dictionary<string, CredentialConfig>(StringComparer.Ordinal);
        await foreach (var page in client.GetPropertiesOfSecretsAsync(cancel).AsPages())
        {
            foreach (var secret in page.Values.Where(secret => secret.Name.StartsWith(Prefix, StringComparison.Ordinal) && secret.Enabled != false))
                if (await ReadAsync(secret, ServerTime(page.GetRawResponse()), cancel) is { } credential) all[secret.Name[Prefix.Length..]] = credential;
        }

        return all;
    }

    public async Task WriteAsync(string name, CredentialConfig credential, CancellationToken cancel)
    {
        var secret = new KeyVaultSecret(Prefix + name, JsonSerializer.Serialize(credential, CredentialsJson.Web.CredentialConfig)) { Properties = { ContentType = "application/json" } };
        try
        {
            await client.SetSecretAsync(secret, cancel);
        }
        catch (RequestFailedException deleted) when (deleted.Status == 409)
        {
            // A deleted secret reserves its name until it is purged.
            await (await client.StartRecoverDeletedSecretAsync(secret.Name, cancel)).WaitForCompletionAsync(cancel);
            await client.SetSecretAsync(secret, cancel);
        }

        _read.TryRemove(secret.Name, out _);
    }

    public async Task DeleteAsync(string name, CancellationToken cancel)
    {
        try
        {
            await (await client.StartDeleteSecretAsync(Prefix + name, cancel)).WaitForCompletionAsync(cancel);
        }
        catch (RequestFailedException none) when (none.Status == 404)
        {
            // The secret does not exist, so there is nothing to delete.
        }

        _read.TryRemove(Prefix + name, out _);
    }

    private async Task<CredentialConfig?> ReadAsync(SecretProperties secret, DateTimeOffset? now, CancellationToken cancel)
    {
        if (_read.TryGetValue(secret.Name, out var known) && known.UpdatedOn == secret.UpdatedOn) return known.Credential;
        try
        {
            var value = (await client.GetSecretAsync(secret.Name, cancellationToken: cancel)).Value.Value;
            if (JsonSerializer.Deserialize(value, CredentialsJson.Web.CredentialConfig) is not { } credential) return null;
            if (now - secret.UpdatedOn > Settled) _read[secret.Name] = (secret.UpdatedOn, credential);
            return credential;
        }
        catch (RequestFailedException gone) when (gone.Status is 403 or 404)
        {
            return null; // The secret was deleted or disabled after the listing.
        }
        catch (JsonException)
        {
            return null; // The secret is not a credential.
        }
    }

    private static DateTimeOffset? ServerTime(Response response) => response.Headers.Date;
}
