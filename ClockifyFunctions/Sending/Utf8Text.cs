using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Sending;

/// <summary>A text that stays in UTF-8, because most texts are passed on without being read.</summary>
/// <param name="Utf8">Valid UTF-8. Use <see cref="Of"/> for bytes that may be invalid.</param>
[JsonConverter(typeof(Converter))]
internal readonly record struct Utf8Text(ReadOnlyMemory<byte> Utf8)
{
    public static implicit operator Utf8Text(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Copies the bytes. Invalid UTF-8 is replaced by U+FFFD.</summary>
    public static Utf8Text Of(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes) ? new Utf8Text(bytes.ToArray()) : Encoding.UTF8.GetString(bytes);

    /// <summary>Cuts the text to at most <paramref name="most"/> UTF-16 code units, without splitting a surrogate pair.</summary>
    public Utf8Text Cut(int most, out bool isCut)
    {
        isCut = Utf8.Length > most && Encoding.UTF8.GetCharCount(Utf8.Span) > most;
        if (!isCut) return this;
        // A UTF-16 code unit needs at most three bytes of UTF-8.
        var text = Encoding.UTF8.GetString(Utf8.Span[..Math.Min(Utf8.Length, 3 * most)]);
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    public bool Equals(Utf8Text other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    internal sealed class Converter : JsonConverter<Utf8Text>
    {
        public override Utf8Text Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() ?? "";

        public override void Write(Utf8JsonWriter writer, Utf8Text value, JsonSerializerOptions options) => writer.WriteStringValue(value.Utf8.Span);
    }
}
