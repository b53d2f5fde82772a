using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>The files of <c>Catalog/</c>, which the assembly holds. They are read once, when something first asks for them.</summary>
internal static class EndpointCatalog
{
    private static readonly Lazy<EndpointTemplate[]> AllEndpoints = new(ReadEndpoints);
    private static readonly Lazy<Dictionary<string, EndpointTemplate>> EndpointsByName = new(() => Endpoints.ToDictionary(endpoint => endpoint.Name, StringComparer.Ordinal));
    private static readonly Lazy<string[]> AllSecrets = new(() => [.. Endpoints.SelectMany(endpoint => endpoint.Secrets).Distinct()]);

    private static readonly Lazy<Dictionary<string, Lookup>> AllLookups = new(() =>
    {
        using var file = Read("lookups.json");
        return CatalogReader.Lookups(file.RootElement).ToDictionary(lookup => lookup.Name, StringComparer.Ordinal);
    });

    /// <summary>By group, and within a group the everyday ones first.</summary>
    public static IReadOnlyList<EndpointTemplate> Endpoints => AllEndpoints.Value;

    public static IReadOnlyDictionary<string, EndpointTemplate> ByName => EndpointsByName.Value;

    public static IReadOnlyDictionary<string, Lookup> Lookups => AllLookups.Value;

    /// <summary>Members that hold a secret in whichever answer they stand.</summary>
    public static IReadOnlyList<string> Secrets => AllSecrets.Value;

    private static EndpointTemplate[] ReadEndpoints()
    {
        var files = new SortedDictionary<int, EndpointTemplate[]>();
        foreach (var name in typeof(EndpointCatalog).Assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith("catalog/", StringComparison.Ordinal)) continue;
            using var file = Read(name);
            files.Add(file.RootElement.GetProperty("position").GetInt32(), CatalogReader.Endpoints(file.RootElement));
        }

        return [.. files.Values.SelectMany(endpoints => endpoints)];
    }

    private static JsonDocument Read(string resource)
    {
        using var stream = typeof(EndpointCatalog).Assembly.GetManifestResourceStream(resource)!;
        return JsonDocument.Parse(stream);
    }
}
