using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using ClockifyFunctions.Hosting;

namespace ClockifyFunctions.Messaging;

/// <summary>Where the Service Bus namespace is, and how to prove who we are.</summary>
internal sealed class ServiceBusEndpoint
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);

    private readonly string? _keyName, _key;
    private readonly TokenCredential? _identity;

    private ServiceBusEndpoint(Uri address, string? keyName, string? key, TokenCredential? identity, bool isEmulator) =>
        (Address, _keyName, _key, _identity, IsEmulator) = (address, keyName, key, identity, isEmulator);

    /// <summary><c>amqps://host:5671</c>, or <c>amqp://host:port</c> for the local emulator.</summary>
    public Uri Address { get; }

    /// <summary>The emulator takes anonymous connections and no token.</summary>
    public bool IsEmulator { get; }

    /// <exception cref="FormatException">The connection string names no endpoint.</exception>
    public static ServiceBusEndpoint From(AppSettings settings)
    {
        if (string.IsNullOrEmpty(settings.ServiceBusConnection))
            return new ServiceBusEndpoint(new Uri($"amqps://{settings.ServiceBusNamespace}:5671"), null, null, settings.ServiceBusIdentity.Credential(), isEmulator: false);

        var parts = new DbConnectionStringBuilder { ConnectionString = settings.ServiceBusConnection };
        if (!parts.TryGetValue("Endpoint", out var endpointText) || !Uri.TryCreate((string)endpointText, UriKind.Absolute, out var endpoint))
            throw new FormatException("ServiceBusConnection has no Endpoint=sb://…; copy the whole connection string from the namespace's shared access policy.");
        var isEmulator = parts.TryGetValue("UseDevelopmentEmulator", out var flag) && bool.Parse((string)flag);
        var address = isEmulator
            ? new Uri($"amqp://{endpoint.Host}:{(endpoint.Port > 0 ? endpoint.Port : 5672)}")
            : new Uri($"amqps://{endpoint.Host}:5671");
        parts.TryGetValue("SharedAccessKeyName", out var keyName);
        parts.TryGetValue("SharedAccessKey", out var key);
        return new ServiceBusEndpoint(address, (string?)keyName, (string?)key, null, isEmulator);
    }

    /// <summary>A token for <c>$cbs</c>: its type, its text, and when a new one is due.</summary>
    public async Task<(string Type, string Token, DateTimeOffset RenewAt)> TokenAsync(DateTimeOffset now, CancellationToken cancel)
    {
        if (_identity is not null)
        {
            var token = await _identity.GetTokenAsync(new TokenRequestContext(["https://servicebus.azure.net/.default"]), cancel);
            return ("jwt", token.Token, now + ((token.ExpiresOn - now) * 0.8));
        }

        var audience = WebUtility.UrlEncode($"sb://{Address.Host}/");
        var expiry = (now + TokenLife).ToUnixTimeSeconds();
        var signature = WebUtility.UrlEncode(Convert.ToBase64String(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(_key ?? ""), Encoding.UTF8.GetBytes($"{audience}\n{expiry}"))));
        return ("servicebus.windows.net:sastoken",
            $"SharedAccessSignature sr={audience}&sig={signature}&se={expiry}&skn={_keyName}", now + (TokenLife * 0.8));
    }
}
