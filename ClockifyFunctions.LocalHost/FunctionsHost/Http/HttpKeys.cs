using System.Security.Cryptography;
using System.Text;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Http;

/// <summary>Whether a request may pass. An empty configured key opens nothing.</summary>
internal sealed class HttpKeys(string functionKey, string masterKey)
{
    public bool Open(HttpAuthLevel level, HttpRequest request)
    {
        if (level == HttpAuthLevel.Anonymous) return true;
        var given = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault() ?? "";
        return Same(given, masterKey) || (level == HttpAuthLevel.Function && Same(given, functionKey));
    }

    private static bool Same(string given, string key) =>
        key.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));
}
