using System.Text.Json;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Where the value of a field comes from: an attribute, or a constant.</summary>
internal sealed record FieldSource(string Field, AttributePath? From, JsonElement Value)
{
    private const int MostFields = 1000;

    /// <summary>Reads a config's <c>mapping</c>.</summary>
    public static List<FieldSource> Read(IReadOnlyDictionary<string, JsonElement>? mapping, EndpointTemplate? endpoint, ICollection<Problem> problems)
    {
        var sources = new List<FieldSource>();
        if (mapping is { Count: > MostFields and var count })
        {
            problems.Add(new Problem("$.mapping", $"has {count} fields; at most {MostFields} are read."));
            return sources;
        }

        foreach (var (field, written) in mapping ?? new Dictionary<string, JsonElement>())
        {
            var path = $"$.mapping.{field}";
            if (endpoint is { TakesBody: true } && endpoint.Field(field) is null)
                problems.Add(new Problem(path, $"is no field of '{endpoint.Title}'; it takes: {string.Join(", ", endpoint.Fields.Select(known => known.Name))}."));
            else if (BrokenText.IsIn(written))
                problems.Add(new Problem(path, "holds half a surrogate pair, which is no Unicode text."));
            else if (written.ValueKind == JsonValueKind.String && AttributePath.IsValid(written.GetString()!))
                sources.Add(new FieldSource(field, new AttributePath(written.GetString()!), default));
            else if (written.ValueKind == JsonValueKind.Object && written.TryGetProperty("value", out var value) && written.EnumerateObject().Count() == 1)
                sources.Add(new FieldSource(field, null, value));
            else
                problems.Add(new Problem(path, "names neither an attribute (\"Start time\") nor a constant ({\"value\": true})."));
        }

        return sources;
    }
}
