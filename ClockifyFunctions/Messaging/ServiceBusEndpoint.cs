using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Messaging;

/// <summary>Where the Service Bus namespace is, and how to prove who we are.</summary>
internal sealed class ServiceBusEndpoint
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);

    private readonly string? _keyName, _key;
    private readonly TokenCredential? _identity;

    /// <summary>Proves itself by a shared access key.</summary>
    public ServiceBusEndpoint(Uri address, string keyName, string key) => (Address, _keyName, _key) = (address, keyName, key);

    /// <summary>Proves itself by an identity.</summary>
    public ServiceBusEndpoint(Uri address, TokenCredential identity) => (Address, _identity) = (address, identity);

    /// <summary>Takes anonymous connections, as the local emulator does.</summary>
    public ServiceBusEndpoint(Uri address) => Address = address;

    /// <summary><c>amqps://host:5671</c>, or <c>amqp://host:port</c> for the local emulator.</summary>
    public Uri Address { get; }

    public bool WantsTokens => _key is not null || _identity is not null;

    /// <param name="settings">Valid ones.</param>
    public static ServiceBusEndpoint From(AppSettings settings) =>
        string.IsNullOrEmpty(settings.ServiceBusConnection)
            ? new ServiceBusEndpoint(new Uri($"amqps://{settings.ServiceBusNamespace}:5671"), settings.ServiceBusIdentity.Credential())
            : Read(settings.ServiceBusConnection);

    /// <summary>What is wrong with a connection string, without quoting it, for it is a secret; null: nothing.</summary>
    public static string? ProblemOf(string connection)
    {
        try
        {
            Read(connection);
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
        catch (ArgumentException)
        {
            return "is no list of name=value, separated by ';'";
        }
    }

    private static ServiceBusEndpoint Read(string connection)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connection };
        if (!parts.TryGetValue("Endpoint", out var endpointText) || !Uri.TryCreate((string)endpointText, UriKind.Absolute, out var endpoint))
            throw new FormatException("has no Endpoint=sb://…");
        if (parts.TryGetValue("UseDevelopmentEmulator", out var flag) && bool.TryParse((string)flag, out var isEmulator) && isEmulator)
            return new ServiceBusEndpoint(new Uri($"amqp://{endpoint.Host}:{(endpoint.Port > 0 ? endpoint.Port : 5672)}"));
        if (!parts.TryGetValue("SharedAccessKeyName", out var keyName) || !parts.TryGetValue("SharedAccessKey", out var key))
            throw new FormatException("has no SharedAccessKeyName and SharedAccessKey");
        return new ServiceBusEndpoint(new Uri($"amqps://{endpoint.Host}:5671"), (string)keyName, (string)key);
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
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(_key!), Encoding.UTF8.GetBytes($"{audience}\n{expiry}"))));
        return ("servicebus.windows.net:sastoken",
            $"SharedAccessSignature sr={audience}&sig={signature}&se={expiry}&skn={_keyName}", now + (TokenLife * 0.8));
    }
}
