using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// What an update has to send so that it changes only what the record says: the record's members, and for all other fields of the
/// endpoint what the object has now. Clockify answers with other names than it takes. Pure.
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
                if (!change.RootElement.TryGetProperty(field.Name, out _)) WriteCurrent(writer, field, current);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteCurrent(Utf8JsonWriter writer, TemplateField field, JsonElement current)
    {
        if (Current(field.Name, current) is not { } value || value.ValueKind == JsonValueKind.Null) return;
        // An empty id means none, and an empty duration nothing: neither is a value that an update takes.
        if (field.Type is FieldType.Id or FieldType.Duration && value.ValueKind == JsonValueKind.String && value.ValueEquals("")) return;
        switch (field.Type)
        {
            // Clockify answers with more kinds than it takes, and keeps what is left out.
            case FieldType.Choice when !field.Values.Any(known => value.ValueKind == JsonValueKind.String && value.ValueEquals(known)):
                break;
            case FieldType.Rate when value.ValueKind == JsonValueKind.Object && value.TryGetProperty("amount", out var amount):
                writer.WriteStartObject(field.Name);
                writer.WritePropertyName("amount");
                amount.WriteTo(writer);
                writer.WriteEndObject();
                break;
            case FieldType.Objects when field.Name == "customFields" && value.ValueKind == JsonValueKind.Array:
                WriteCustomFields(writer, value);
                break;
            default:
                writer.WritePropertyName(field.Name);
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteCustomFields(Utf8JsonWriter writer, JsonElement values)
    {
        writer.WriteStartArray("customFields");
        foreach (var value in values.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("customFieldId", out var id)) continue;
            writer.WriteStartObject();
            writer.WritePropertyName("customFieldId");
            id.WriteTo(writer);
            if (value.TryGetProperty("value", out var set))
            {
                writer.WritePropertyName("value");
                set.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static JsonElement? Current(string name, JsonElement current) => name switch
    {
        "start" or "end" => Member(current, "timeInterval") is { ValueKind: JsonValueKind.Object } interval ? Member(interval, name) : null,
        "isPublic" => Member(current, "public"),
        "customFields" => Member(current, "customFieldValues"),
        _ => Member(current, name),
    };

    private static JsonElement? Member(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value : null;
}
