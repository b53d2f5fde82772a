using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>The files of <c>Catalog/</c>, which are embedded in the assembly. They are read once, at the first access.</summary>
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

    /// <summary>The endpoints by group. Within a group, the most common endpoints come first.</summary>
    public static IReadOnlyList<EndpointTemplate> Endpoints => AllEndpoints.Value;

    public static IReadOnlyDictionary<string, EndpointTemplate> ByName => EndpointsByName.Value;

    public static IReadOnlyDictionary<string, Lookup> Lookups => AllLookups.Value;

    /// <summary>Members that contain a secret in any answer.</summary>
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
