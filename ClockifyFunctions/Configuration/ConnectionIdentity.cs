using Azure.Core;
using Azure.Identity;

namespace ClockifyFunctions.Configuration;

/// <summary>Who we are on a connection without keys. The host reads the same settings, by the same rules.</summary>
/// <param name="IsManaged">Setting <c>…__credential</c> is <c>managedidentity</c>. Otherwise whoever is signed in: environment, managed identity, Azure CLI, in that order.</param>
/// <param name="ClientId">Setting <c>…__clientId</c> of a user-assigned identity; null is the system-assigned one.</param>
internal sealed record ConnectionIdentity(bool IsManaged = false, string? ClientId = null)
{
    public static ConnectionIdentity Read(IConfiguration configuration, string connection, List<string> problems)
    {
        var credential = configuration[$"{connection}:credential"];
        var clientId = configuration[$"{connection}:clientId"];
        var isManaged = string.Equals(credential, "managedidentity", StringComparison.OrdinalIgnoreCase);
        if (!string.IsNullOrEmpty(credential) && !isManaged)
            problems.Add($"{connection}__credential: '{credential}' is not known; write managedidentity, or leave it out.");
        if (!string.IsNullOrEmpty(clientId) && !Guid.TryParse(clientId, out _))
            problems.Add($"{connection}__clientId: '{clientId}' is no client id; copy the identity's client id, a GUID.");
        return new ConnectionIdentity(isManaged, string.IsNullOrEmpty(clientId) ? null : clientId);
    }

    public TokenCredential Credential() =>
        IsManaged
            ? new ManagedIdentityCredential(ClientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(ClientId))
            : new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = ClientId });
}
