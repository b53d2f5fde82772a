using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// Builds the body of an update that changes only the fields in the record. The body contains the record's members and, for all other fields
/// of the endpoint, the current values of the object. Clockify's answers use other field names than its requests. Pure.
/// </summary>
internal static class ObjectMerge
{
    public static byte[] Merge(EndpointTemplate endpoint, JsonElement current, ReadOnlyMemory<byte> changes)
    {
        using var change = JsonDocument.Parse(changes);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var member in change.RootElement.EnumerateObject()) member.WriteTo(writer);
            foreach (var field in endpoint.Fields)
                if (field.Adds is null && !change.RootElement.TryGetProperty(field.Name, out _)) WriteCurrent(writer, field, endpoint.Merge?.FirstOrDefault(rule => rule.Field == field.Name), current);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteCurrent(Utf8JsonWriter writer, TemplateField field, MergeRule? rule, JsonElement current)
    {
        if (!new AttributePath(rule?.Path ?? field.Name).TryFind(current, out var value) || value.ValueKind == JsonValueKind.Null) return;
        // Clockify returns an empty text for an id or a duration that is not set. An update does not accept it.
        if (field.Type is FieldType.Id or FieldType.Duration && value.ValueKind == JsonValueKind.String && value.ValueEquals("")) return;
        // Clockify returns some choices that it does not accept in an update. It keeps the current value of an omitted field.
        if (field.Type == FieldType.Choice && !field.Values.Any(known => value.ValueKind == JsonValueKind.String && value.ValueEquals(known))) return;
        writer.WritePropertyName(field.Name);
        if (rule is { Scale: not 1 } && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)) writer.WriteNumberValue(number * rule.Scale);
        else if (field is { Type: FieldType.Objects, Fields.Count: > 0 } && value.ValueKind == JsonValueKind.Array) WriteKnown(writer, field, value);
        else if (field is { Type: FieldType.Object, Fields.Count: > 0 } && value.ValueKind == JsonValueKind.Object) WriteMembers(writer, field, value);
        else value.WriteTo(writer);
    }

    /// <summary>Writes the objects of a list that have all required members.</summary>
    private static void WriteKnown(Utf8JsonWriter writer, TemplateField field, JsonElement list)
    {
        writer.WriteStartArray();
        foreach (var item in list.EnumerateArray())
            if (item.ValueKind == JsonValueKind.Object && field.Fields.All(member => !member.Required || item.TryGetProperty(member.Name, out _))) WriteMembers(writer, field, item);
        writer.WriteEndArray();
    }

    /// <summary>Writes an object without the members that occur only in Clockify's answers.</summary>
    private static void WriteMembers(Utf8JsonWriter writer, TemplateField field, JsonElement value)
    {
        writer.WriteStartObject();
        foreach (var member in field.Fields)
        {
            if (!value.TryGetProperty(member.Name, out var set)) continue;
            writer.WritePropertyName(member.Name);
            set.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
