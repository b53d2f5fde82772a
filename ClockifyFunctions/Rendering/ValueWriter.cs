using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Writes one value of a record, and what is in it: converted, and without what a destination excludes.</summary>
internal sealed class ValueWriter(Destination destination, RenderContext context, ICollection<Problem> errors)
{
    private readonly bool _readsLooks = destination.Endpoint is null && (destination.Converts || destination.ConvertsDates);

    /// <summary>Whether the payload differs from the record.</summary>
    public bool IsChanged { get; set; }

    /// <summary>JSON paths of values whose problems are reported already.</summary>
    public HashSet<string> Told { get; } = new(StringComparer.Ordinal);

    /// <param name="place">JSON path in the payload, for problems.</param>
    /// <param name="path">Path in the record, for exclusions; null if none applies any more.</param>
    /// <param name="field">What the value becomes; null if nothing says so.</param>
    /// <returns>The text that was written, if it is one.</returns>
    public string? Write(Utf8JsonWriter writer, JsonElement value, string place, string? path, TemplateField? field, ValueOptions options)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when LooksInside(path, field):
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    // No exclusion is as long as such a path. To go on would copy it for every member below.
                    var inner = path is { Length: <= AttributePath.MostCharacters } ? $"{path}.{member.Name}" : null;
                    if (inner is not null && destination.Excluded.Contains(inner)) continue;
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, inner is null ? place : $"{place}.{member.Name}", inner, Member(field, member), ValueOptions.None);
                }

                writer.WriteEndObject();
                return null;
            case JsonValueKind.Array when LooksInside(path, field):
                // A path leads through lists to the objects in them.
                writer.WriteStartArray();
                foreach (var (index, item) in value.EnumerateArray().Index())
                    Write(writer, item, path is { Length: <= AttributePath.MostCharacters } ? string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]") : place, path, field is { Type: FieldType.Objects } ? field : null, ValueOptions.None);
                writer.WriteEndArray();
                return null;
            default:
                return WriteConverted(writer, value, place, Convert(value, field, options));
        }
    }

    /// <summary>Whether anything inside an object or list may be changed.</summary>
    private bool LooksInside(string? path, TemplateField? field) => (path is not null && destination.Excluded.Count > 0) || (destination.Converts && field is { Fields.Count: > 0 }) || _readsLooks;

    private static TemplateField? Member(TemplateField? of, JsonProperty member) => of?.Fields.FirstOrDefault(field => member.NameEquals(field.Name));

    private Converted Convert(JsonElement value, TemplateField? field, ValueOptions options) =>
        field is not null && (destination.Converts || destination.Endpoint is null) ? ValueConversion.Convert(value, field, options, context)
        : _readsLooks && field is null ? ValueConversion.ByLook(value, destination.ConvertsDates, destination.Converts, context)
        : Converted.Unchanged;

    private string? WriteConverted(Utf8JsonWriter writer, JsonElement value, string place, Converted converted)
    {
        if (converted.Problem is { } problem)
        {
            errors.Add(new Problem(place, problem));
            Told.Add(place);
        }

        if (converted.Json is not { } json)
        {
            value.WriteTo(writer);
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }

        IsChanged = true;
        writer.WriteRawValue(json);
        return json.Trim('"');
    }
}
