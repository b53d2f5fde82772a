using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClockifyFunctions.Api;

/// <summary>Reads request bodies.</summary>
internal static class Body
{
    /// <summary>Null when the body is not what it should be.</summary>
    public static async Task<T?> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, cancel);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
