using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>A kind of object that can be synchronized: one entry of <c>Catalog/sync.json</c>, whose schema describes the members.</summary>
internal sealed record SyncObject
{
    private static readonly Lazy<Dictionary<string, SyncObject>> Objects = new(Read);

    /// <summary>The name in configs, and of the lookup that lists the objects.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The name of one object in messages, for example <c>user group</c>.</summary>
    public string Noun => char.ToLowerInvariant(Title[0]) + Title[1..];

    public required string Label { get; init; }

    public required EndpointTemplate Create { get; init; }

    public EndpointTemplate? Update { get; init; }

    public SyncArchive? Archive { get; init; }

    public EndpointTemplate? Delete { get; init; }

    /// <summary>The kinds of markers, each with its field.</summary>
    public required IReadOnlyDictionary<string, string> Markers { get; init; }

    /// <summary>The placeholder of the object that contains these objects, for example the project of a task; null if the workspace contains them.</summary>
    public string? Parent => field ??= (Delete ?? Update)?.Inputs.Skip(1).FirstOrDefault(input => !input.Query)?.Name;

    /// <summary>The lookup that lists the objects; null if the list cannot be read page by page.</summary>
    public Lookup? Listed => EndpointCatalog.Lookups.GetValueOrDefault(Name) is { List: not null, IsSearch: false, Single: false } lookup ? lookup : null;

    /// <summary>The part of the natural key by which objects are found in the list; null if objects have no natural key.</summary>
    public SameRule? MatchesBy => Listed is { } lookup ? Create.ReadBack?.Same.FirstOrDefault(same => lookup.By.Contains(same.Found)) : null;

    public static IReadOnlyDictionary<string, SyncObject> All => Objects.Value;

    private static Dictionary<string, SyncObject> Read()
    {
        using var stream = typeof(SyncObject).Assembly.GetManifestResourceStream("sync.json")!;
        using var file = JsonDocument.Parse(stream);
        return file.RootElement.GetProperty("sync").EnumerateObject().Select(one => Read(one.Name, one.Value)).ToDictionary(one => one.Name, StringComparer.Ordinal);
    }

    private static SyncObject Read(string name, JsonElement of) => new()
    {
        Name = name,
        Title = of.GetProperty("title").GetString()!,
        Label = of.GetProperty("label").GetString()!,
        Create = EndpointTemplate.Find(of.GetProperty("create").GetString())!,
        Update = Endpoint(of, "update"),
        Delete = Endpoint(of, "delete"),
        Archive = of.TryGetProperty("archive", out var archive)
            ? new SyncArchive(Endpoint(archive, "endpoint")!, archive.GetProperty("set").Clone(), archive.TryGetProperty("restore", out var restore) ? restore.Clone() : null) : null,
        Markers = of.TryGetProperty("markers", out var markers) ? markers.EnumerateObject().ToDictionary(marker => marker.Name, marker => marker.Value.GetString()!) : new Dictionary<string, string>(),
    };

    private static EndpointTemplate? Endpoint(JsonElement of, string name) => of.TryGetProperty(name, out var endpoint) ? EndpointTemplate.Find(endpoint.GetString()) : null;
}

/// <summary>The calls that archive and restore an object.</summary>
internal sealed record SyncArchive(EndpointTemplate Endpoint, JsonElement Set, JsonElement? Restore);
