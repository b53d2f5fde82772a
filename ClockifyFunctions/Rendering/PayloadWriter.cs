using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>The record as it is sent where a destination changes it: attributes left out, renamed, set and converted. Everything else stays byte for byte what it was.</summary>
internal static class PayloadWriter
{
    /// <returns>Null when the payload would be too large; <paramref name="refusals"/> then says so.</returns>
    public static ReadOnlyMemory<byte>? Write(Destination destination, JsonElement record, Resolved resolved, ICollection<Problem> refusals)
    {
        using var rented = RentedWriter.Rent();
        var writer = rented.Writer;
        writer.WriteStartObject();
        foreach (var member in record.EnumerateObject())
        {
            var name = member.Name;
            if (destination.MappedNames.Contains(name) || destination.Excluded.Contains(name)) continue;
            if (destination.Excluded.Count == 0 && FieldToConvert(destination, member) is null)
            {
                member.WriteTo(writer);
                continue;
            }

            writer.WritePropertyName(name);
            WriteField(writer, destination, name, member.Value, name, refusals);
        }

        foreach (var source in destination.Mapping)
        {
            var value = source.Value;
            if (source.From is { } from && !from.TryFind(record, out value)) continue;
            if (writer.BytesCommitted + writer.BytesPending > Template.MostBytes)
            {
                refusals.Add(Template.TooLarge);
                return null;
            }

            writer.WritePropertyName(source.Field);
            WriteField(writer, destination, source.Field, value, source.From?.Text, refusals);
        }

        ReferenceFields.Write(writer, destination, record, resolved);
        if (destination.Endpoint is { ListsFields: true } endpoint) WriteLists(writer, endpoint, destination, record, resolved);
        writer.WriteEndObject();
        return rented.ToArray();
    }

    /// <summary>Fields that name the other fields of the payload, such as which of them an update changes.</summary>
    private static void WriteLists(Utf8JsonWriter writer, EndpointTemplate endpoint, Destination destination, JsonElement record, Resolved resolved)
    {
        foreach (var field in endpoint.Fields)
        {
            if (field.Lists.Count == 0 || Has(field.Name)) continue;
            writer.WriteStartArray(field.Name);
            foreach (var (name, word) in field.Lists)
                if (Has(name)) writer.WriteStringValue(word);
            writer.WriteEndArray();
        }

        bool Has(string name) =>
            destination.Mapping.FirstOrDefault(source => source.Field == name) is { } source ? source.From?.TryFind(record, out _) != false
            : destination.References.FirstOrDefault(reference => reference.Slot?.Field == name) is { } reference ? resolved.Ids.ContainsKey(reference.Name)
            : record.TryGetProperty(name, out _) && !destination.MappedNames.Contains(name) && !destination.Excluded.Contains(name);
    }

    /// <param name="path">Where the value stands in the record, for exclusions; null for a constant.</param>
    private static void WriteField(Utf8JsonWriter writer, Destination destination, string field, JsonElement value, string? path, ICollection<Problem> refusals)
    {
        if (destination.Converts && destination.Endpoint?.Field(field) is { } known && Conversion.TryConvert(value, known, destination.Zone, refusals, out var json))
            writer.WriteRawValue(json);
        else if (path is null || destination.Excluded.Count == 0)
            value.WriteTo(writer);
        else
            WriteWithout(writer, value, path, destination.Excluded);
    }

    private static void WriteWithout(Utf8JsonWriter writer, JsonElement value, string path, IReadOnlySet<string> excluded)
    {
        switch (value.ValueKind)
        {
            // No exclusion is as long as this path. To go on would copy it for every member below.
            case JsonValueKind.Object when path.Length > AttributePath.MostCharacters:
                value.WriteTo(writer);
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    var inner = $"{path}.{member.Name}";
                    if (excluded.Contains(inner)) continue;
                    writer.WritePropertyName(member.Name);
                    WriteWithout(writer, member.Value, inner, excluded);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                // A path leads through lists to the objects in them.
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) WriteWithout(writer, item, path, excluded);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static TemplateField? FieldToConvert(Destination destination, JsonProperty member) =>
        destination.Converts ? destination.Endpoint?.Fields.FirstOrDefault(field => member.NameEquals(field.Name)) : null;
}
