using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>
/// A key of a namespace's shared access policy, and the tokens it signs; see
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas. Not a record, because a record's ToString prints the key.
/// </summary>
internal sealed class SharedAccessKey(string name, string key)
{
    public const string TokenType = "servicebus.windows.net:sastoken";

    /// <summary>Signs a token for everything in the namespace that the policy allows.</summary>
    public string Token(string host, DateTimeOffset expiry) => Signed($"sb://{host}/", expiry.ToUnixTimeSeconds());

    /// <returns>The time at which the token expires; null if this key did not sign it or the text is not a token.</returns>
    public DateTimeOffset? Verify(string? token)
    {
        const string start = "SharedAccessSignature ";
        if (token?.StartsWith(start, StringComparison.Ordinal) is not true) return null;
        var fields = token[start.Length..].Split('&').Select(field => field.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => WebUtility.UrlDecode(pair[1]));
        return fields.TryGetValue("sr", out var audience)
            && long.TryParse(fields.GetValueOrDefault("se"), NumberStyles.None, CultureInfo.InvariantCulture, out var expiry)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Signed(audience, expiry)))
            ? DateTimeOffset.FromUnixTimeSeconds(expiry)
            : null;
    }

    private string Signed(string audience, long expiry)
    {
        audience = WebUtility.UrlEncode(audience);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{audience}\n{expiry}"));
        return $"SharedAccessSignature sr={audience}&sig={WebUtility.UrlEncode(Convert.ToBase64String(signature))}&se={expiry}&skn={name}";
    }
}
