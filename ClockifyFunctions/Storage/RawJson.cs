using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Storage;

/// <summary>
/// A JSON value as text, without white space and with as few escapes as possible, so that equal values have equal bytes. It is copied and
/// stored without being parsed.
/// </summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    public static RawJson Of(JsonElement value)
    {
        using var rented = RentedWriter.Rent();
        value.WriteTo(rented.Writer);
        return new RawJson(rented.ToArray());
    }

    public JsonElement ToElement() => JsonElement.Parse(Utf8.Span);

    internal sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var value = JsonDocument.ParseValue(ref reader);
            return new RawJson(JsonMarshal.GetRawUtf8Value(value.RootElement).ToArray());
        }

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) => writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
