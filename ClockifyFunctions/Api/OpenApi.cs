using System.Reflection;
using System.Text.Json.Nodes;

namespace ClockifyFunctions.Api;

/// <summary>The description of the HTTP API: the file <c>openapi.json</c> of this folder.</summary>
internal static class OpenApi
{
    private static readonly Lazy<byte[]> Document = new(Read);
    private static readonly Lazy<Dictionary<string, string[]>> QueryParameters = new(ReadQueryParameters);

    public static IResult Answer() => Results.Bytes(Document.Value, "application/json");

    /// <summary>The query parameters of an HTTP function. Null for a function without a key, such as a health probe, which takes any.</summary>
    public static IReadOnlyList<string>? QueryParametersOf(string function) => QueryParameters.Value.GetValueOrDefault(function);

    private static byte[] Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>An operation's id is the name of its function in camel case.</summary>
    private static Dictionary<string, string[]> ReadQueryParameters()
    {
        var document = JsonNode.Parse(Document.Value)!;
        return document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject())
            .Where(operation => operation.Value!["security"] is null)
            .ToDictionary(
                operation => (string)operation.Value!["operationId"]!,
                operation => (operation.Value!["parameters"]?.AsArray() ?? []).Select(Resolve).Where(parameter => (string?)parameter["in"] == "query").Select(parameter => (string)parameter["name"]!).ToArray(),
                StringComparer.OrdinalIgnoreCase);

        JsonNode Resolve(JsonNode? parameter) =>
            (string?)parameter!["$ref"] is { } reference ? reference.Split('/').Skip(1).Aggregate(document, static (node, name) => node[name]!) : parameter;
    }
}
