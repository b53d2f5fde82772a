using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Support;

/// <summary>The functions of the app with their bindings, as the build describes them to the Functions host.</summary>
internal static class AppFunctions
{
    private static readonly Lazy<IReadOnlyDictionary<string, JsonArray>> Metadata = new(() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.DevelopmentBuild, "functions.metadata")))!.AsArray()
            .ToDictionary(function => (string)function!["name"]!, function => function!["bindings"]!.AsArray(), StringComparer.Ordinal));

    /// <summary>The bindings of each function, by its name.</summary>
    public static IReadOnlyDictionary<string, JsonArray> All => Metadata.Value;

    /// <summary>The triggers of one type, by the name of their function.</summary>
    public static IReadOnlyDictionary<string, JsonNode> Triggers(string type) =>
        All.ToDictionary(function => function.Key, function => function.Value.FirstOrDefault(binding => (string?)binding!["type"] == type), StringComparer.Ordinal)
            .Where(function => function.Value is not null).ToDictionary(function => function.Key, function => function.Value!, StringComparer.Ordinal);
}
