using System.Reflection;
using System.Text.Json;

namespace ClockifyFunctions.Api;

/// <summary>The description of the HTTP API: the file <c>openapi.json</c> of this folder.</summary>
internal static class OpenApi
{
    private static readonly Lazy<byte[]> Document = new(Read);
    private static readonly Lazy<IReadOnlyDictionary<string, IReadOnlyList<string>>> QueryParameters = new(ReadQueryParameters);

    public static IResult Answer() => Results.Bytes(Document.Value, "application/json");

    /// <summary>The query parameters of the operation that a function serves. The operation has the function's name, with a small first letter.</summary>
    public static IReadOnlyList<string> QueryParametersOf(string function) => QueryParameters.Value.GetValueOrDefault(function, []);

    private static byte[] Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadQueryParameters()
    {
        using var document = JsonDocument.Parse(Document.Value);
        var components = document.RootElement.GetProperty("components").GetProperty("parameters");
        return document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToDictionary(
            operation => operation.Value.GetProperty("operationId").GetString()!,
            IReadOnlyList<string> (operation) => operation.Value.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray().Select(Resolve).Where(IsQuery).Select(NameOf)] : [],
            StringComparer.OrdinalIgnoreCase);

        JsonElement Resolve(JsonElement parameter) => components.GetProperty(parameter.GetProperty("$ref").GetString()!.Split('/')[^1]);

        static bool IsQuery(JsonElement parameter) => parameter.GetProperty("in").ValueEquals("query");

        static string NameOf(JsonElement parameter) => parameter.GetProperty("name").GetString()!;
    }
}
