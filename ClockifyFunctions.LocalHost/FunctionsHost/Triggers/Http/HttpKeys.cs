using System.Security.Cryptography;
using System.Text;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Http;

/// <summary>Decides whether a request has the key that a function or admin endpoint needs. An empty configured key matches no request.</summary>
internal sealed class HttpKeys(string functionKey, string masterKey)
{
    /// <returns>The reason of the refusal; null if the request is allowed.</returns>
    public string? Refuse(HttpAuthLevel level, HttpRequest request)
    {
        if (level == HttpAuthLevel.Anonymous) return null;
        var given = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault() ?? "";
        if (Same(given, masterKey) || (level == HttpAuthLevel.Function && Same(given, functionKey))) return null;
        var key = level == HttpAuthLevel.Function ? "function key" : "master key";
        return given.Length == 0
            ? $"The {key} is missing. Send it in the header 'x-functions-key' or in the query parameter 'code'."
            : $"The given key is not the {key} of this app.";
    }

    private static bool Same(string given, string key) =>
        key.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));
}
