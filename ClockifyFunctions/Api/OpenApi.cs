using System.Reflection;
using System.Text.Json;

namespace ClockifyFunctions.Api;

/// <summary>The description of the HTTP API: the file <c>openapi.json</c> of this folder.</summary>
internal static class OpenApi
{
    private static readonly Lazy<byte[]> Document = new(Read);
    private static readonly Lazy<Dictionary<string, string[]>> Queries = new(ReadQueries);

    public static IResult Answer() => Results.Bytes(Document.Value, "application/json");

    /// <summary>The query parameters that the description lists for a function. Each function is an operation of the same name.</summary>
    public static IReadOnlyList<string> QueryNamesOf(string function) => Queries.Value.GetValueOrDefault(function, []);

    private static byte[] Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static Dictionary<string, string[]> ReadQueries()
    {
        using var document = JsonDocument.Parse(Document.Value);
        var shared = document.RootElement.GetProperty("components").GetProperty("parameters");
        return document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Where(operation => operation.Value.TryGetProperty("operationId", out _))
            .ToDictionary(
                operation => operation.Value.GetProperty("operationId").GetString()!,
                operation => operation.Value.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(Resolve).Where(IsInQuery).Select(parameter => parameter.GetProperty("name").GetString()!).ToArray() : [],
                StringComparer.OrdinalIgnoreCase);

        JsonElement Resolve(JsonElement parameter) => parameter.TryGetProperty("$ref", out var reference) ? shared.GetProperty(reference.GetString()!.Split('/')[^1]) : parameter;

        static bool IsInQuery(JsonElement parameter) => parameter.GetProperty("in").GetString() == "query";
    }
}
