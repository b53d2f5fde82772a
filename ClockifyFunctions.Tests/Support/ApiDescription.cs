using System.Text.Json;
using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.Stack;
using Json.Schema;

namespace ClockifyFunctions.Tests.Support;

/// <summary>The <c>openapi.json</c> of the project, and a check of responses against it.</summary>
internal static class ApiDescription
{
    public static JsonNode Document { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "ClockifyFunctions", "Api", "openapi.json")))!;

    public static IReadOnlyList<(string Path, string Method, JsonNode Node)> Operations { get; } =
        [.. Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Key, operation.Value!)))];

    /// <summary>The component that <paramref name="node"/> refers to, or the node itself.</summary>
    public static JsonNode Resolve(JsonNode node) =>
        (string?)node["$ref"] is { } reference ? reference[2..].Split('/').Aggregate(Document, (found, step) => found[step] ?? throw new InvalidOperationException($"{reference} does not exist")) : node;

    /// <summary>Fails if the description of the operation does not contain this status, these headers and this body.</summary>
    /// <param name="headers">The headers of the response.</param>
    public static void AssertDescribes(string operationId, int status, IReadOnlyCollection<string> headers, string? contentType, string body)
    {
        var operation = Operations.Single(operation => (string?)operation.Node["operationId"] == operationId).Node;
        var response = operation["responses"]![status.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        Assert.True(response is not null, $"{operationId}: status {status} is not described. Body: {body}");
        response = Resolve(response);
        foreach (var (header, _) in response["headers"]?.AsObject() ?? []) Assert.Contains(header, headers, StringComparer.OrdinalIgnoreCase);
        if (response["content"] is not JsonObject content)
        {
            Assert.Equal("", body);
            return;
        }

        var media = contentType?.Split(';')[0];
        Assert.True(content.ContainsKey(media ?? ""), $"{operationId}: {status} with '{contentType}' is not described.");
        if (media is null || !media.EndsWith("json", StringComparison.Ordinal)) return;
        var result = SchemaOf(content[media]!["schema"]!).Evaluate(JsonDocument.Parse(body).RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, $"{operationId}, {status}: {string.Join("; ", (result.Details ?? []).Where(detail => detail.Errors is { Count: > 0 }).Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}"))} in {body}");
    }

    /// <summary>Creates a schema that contains all components, so that references within the document work.</summary>
    private static JsonSchema SchemaOf(JsonNode schema)
    {
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["allOf"] = new JsonArray(schema.DeepClone()),
            ["components"] = Document["components"]!.DeepClone(),
        };
        return JsonSchema.FromText(whole.ToJsonString());
    }
}
