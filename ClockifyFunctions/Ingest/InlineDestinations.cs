using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Ingest;

/// <summary>
/// Destinations whose config a message carries. The app stores the config as an active destination and uses a hash of the config as its id, so messages
/// with equal configs share one destination. Every producer that can send to the records queue can send such a message, so the credential limits it.
/// </summary>
internal sealed class InlineDestinations(DestinationStore destinations, CredentialStore credentials)
{
    public const string ConfigProperty = "destinationConfig";

    /// <summary>Number of bytes of the SHA-256 hash in an id, which has at most 64 characters.</summary>
    private const int HashBytes = 28;

    public async Task<(StoredDestination? Destination, string? Problem)> FindOrCreateAsync(string text, CancellationToken cancel)
    {
        if (!ConfigText.TryRead(Encoding.UTF8.GetBytes(text), out var config, out var problem)) return (null, $"Application property '{ConfigProperty}' {problem}");
        // The settings may have become stricter after the destination was stored.
        var known = await credentials.GetAsync(CredentialStore.ForSending, cancel);
        if (Refuse(config, known) is { } reason) return (null, reason);
        var canonical = Canonical(config);
        var id = $"{Destination.InlinePrefix}{Convert.ToHexStringLower(SHA256.HashData(canonical).AsSpan(0, HashBytes))}";
        while (true)
        {
            if (await destinations.FindAsync(id, cancel) is not { } stored)
            {
                if (!Destination.TryCreate(id, config, known.All, out _, out var problems))
                    return (null, $"Application property '{ConfigProperty}' has {problems.Count} problem(s). {string.Join(" ", problems)}");
                await destinations.WriteAsync(new StoredDestination(id, DestinationState.Active, config), expected: null, cancel); // Refused if another process has just created it.
            }
            else if (!Canonical(stored.Config).AsSpan().SequenceEqual(canonical))
            {
                return (null, $"Destination '{id}' has another config than the message. Delete that destination, and replay the message to a stored destination.");
            }
            else if (await destinations.RenewAsync(stored, cancel))
            {
                return (stored, null);
            }
        }
    }

    /// <summary>The reason why the credential does not allow a message to carry this config; null if it does.</summary>
    private static string? Refuse(DestinationConfig config, CredentialSet known)
    {
        if (known.Find(config.Credential) is not { } credential) return null; // Validation of the config reports it.
        var name = credential.Name;
        const string Remedy = "Store a destination and name it in application property 'destination'";
        if (credential.InlineConfigs == InlineConfigs.None)
            return $"Credential '{name}' allows no config in a message. {Remedy}, or set InlineConfigs of the credential to endpoints.";
        if (credential.InlineConfigs == InlineConfigs.Endpoints && (config.Method ?? config.Url) is not null)
            return $"Credential '{name}' allows a config in a message for endpoints of the catalog only, not for a method and URL. {Remedy}, or set InlineConfigs of the credential to all.";
        var workspace = config.Inputs?.GetValueOrDefault("workspaceId");
        if ((config.Endpoint ?? config.Sync) is not null && credential.Workspaces.Count > 0 && !credential.Workspaces.Contains(workspace, StringComparer.OrdinalIgnoreCase))
            return $"Credential '{name}' allows a config in a message only for the workspaces in its Workspaces, and '{workspace}' is not one of them. {Remedy}, or add the workspace there.";
        return null;
    }

    private static byte[] Canonical(DestinationConfig config) => JsonSerializer.SerializeToUtf8Bytes(config, DestinationJson.Web.DestinationConfig);
}
