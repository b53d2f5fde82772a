using Azure.Core;
using Azure.Identity;

namespace ClockifyFunctions.Configuration;

/// <summary>The identity of the app on a connection without keys. The host reads the same settings in the same way.</summary>
/// <param name="IsManaged">Setting <c>…__credential</c> is <c>managedidentity</c>. Otherwise the first identity that is available: environment, managed identity, Azure CLI.</param>
/// <param name="ClientId">Setting <c>…__clientId</c> of a user-assigned identity; null: the system-assigned identity.</param>
internal sealed record ConnectionIdentity(bool IsManaged = false, string? ClientId = null)
{
    public static ConnectionIdentity Read(IConfiguration configuration, string connection, List<string> problems)
    {
        var credential = configuration[$"{connection}:credential"];
        var clientId = configuration[$"{connection}:clientId"];
        var isManaged = string.Equals(credential, "managedidentity", StringComparison.OrdinalIgnoreCase);
        if (!string.IsNullOrEmpty(credential) && !isManaged)
            problems.Add($"{connection}__credential: '{credential}' is unknown; write managedidentity, or remove the setting.");
        if (!string.IsNullOrEmpty(clientId) && !Guid.TryParse(clientId, out _))
            problems.Add($"{connection}__clientId: '{clientId}' is not a client id; copy the client id (a GUID) of the identity.");
        return new ConnectionIdentity(isManaged, string.IsNullOrEmpty(clientId) ? null : clientId);
    }

    public TokenCredential Credential() =>
        IsManaged
            ? new ManagedIdentityCredential(ClientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(ClientId))
            : new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = ClientId });
}
