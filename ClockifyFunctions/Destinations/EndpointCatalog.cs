using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Destinations;

/// <summary>The files of <c>Destinations/Catalog/</c>, which the assembly holds. They are read once, when something first asks for them.</summary>
internal static class EndpointCatalog
{
    private const string Folder = "catalog/";

    private static readonly Lazy<IReadOnlyList<EndpointTemplate>> AllEndpoints = new(ReadEndpoints);
    private static readonly Lazy<Dictionary<string, EndpointTemplate>> EndpointsByName = new(() => Endpoints.ToDictionary(endpoint => endpoint.Name, StringComparer.Ordinal));
    private static readonly Lazy<string[]> AllSecrets = new(() => [.. Endpoints.SelectMany(endpoint => endpoint.Secrets).Distinct()]);

    /// <summary>By group, and within a group the everyday ones first.</summary>
    public static IReadOnlyList<EndpointTemplate> Endpoints => AllEndpoints.Value;

    public static IReadOnlyDictionary<string, EndpointTemplate> ByName => EndpointsByName.Value;

    /// <summary>Members that hold a secret in whichever answer they stand.</summary>
    public static IReadOnlyList<string> Secrets => AllSecrets.Value;

    private static EndpointTemplate[] ReadEndpoints() =>
    [
        .. typeof(EndpointCatalog).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(Read)
            .OrderBy(file => file.Position)
            .SelectMany(file => file.Endpoints.Select(endpoint => endpoint with { Group = file.Group })),
    ];

    private static GroupFile Read(string name)
    {
        using var stream = typeof(EndpointCatalog).Assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize(stream, CatalogJson.Default.GroupFile)!;
    }
}

/// <param name="Position">Of the group among the groups.</param>
internal sealed record GroupFile(string Group, int Position, IReadOnlyList<EndpointTemplate> Endpoints);

/// <summary>Members that the code does not read yet, such as references, are skipped; a test checks the files against their schema.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(GroupFile))]
internal sealed partial class CatalogJson : JsonSerializerContext;
