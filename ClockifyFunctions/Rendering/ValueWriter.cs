using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Writes one value of a record and its nested values. Converts them, and omits the attributes that the destination excludes.</summary>
internal sealed class ValueWriter(Destination destination, RenderContext context, ICollection<Problem> errors)
{
    private readonly bool _readsLooks = destination.Endpoint is null && (destination.Converts || destination.ConvertsDates);

    /// <summary>Whether the payload differs from the record.</summary>
    public bool IsChanged { get; set; }

    /// <summary>JSON paths of values whose problems are already reported.</summary>
    public HashSet<string> Reported { get; } = new(StringComparer.Ordinal);

    /// <param name="place">JSON path of the value in the payload, for problems.</param>
    /// <param name="path">Path of the value in the record, for exclusions; null if no exclusion can apply.</param>
    /// <param name="field">The field that the value is sent as; null if the field is not known.</param>
    /// <returns>The text that was written; null if the value is not text.</returns>
    public string? Write(Utf8JsonWriter writer, JsonElement value, string place, string? path, TemplateField? field, ValueOptions options)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when LooksInside(path, field):
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    // No exclusion can be longer than this limit. Without the limit, the path would be copied for every nested member.
                    var inner = path is { Length: <= AttributePath.MostCharacters } ? $"{path}.{member.Name}" : null;
                    if (inner is not null && destination.Excluded.Contains(inner)) continue;
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, inner is null ? place : $"{place}.{member.Name}", inner, Member(field, member), ValueOptions.None);
                }

                writer.WriteEndObject();
                return null;
            case JsonValueKind.Array when LooksInside(path, field):
                // A path contains no list indexes. An exclusion applies to the objects in all items of a list.
                writer.WriteStartArray();
                foreach (var (index, item) in value.EnumerateArray().Index())
                    Write(writer, item, path is { Length: <= AttributePath.MostCharacters } ? string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]") : place, path, field is { Type: FieldType.Objects } ? field : null, ValueOptions.None);
                writer.WriteEndArray();
                return null;
            default:
                return WriteConverted(writer, value, place, Convert(value, field, options));
        }
    }

    /// <summary>Returns whether values inside an object or list can change.</summary>
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
            Reported.Add(place);
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
