using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Sending;

/// <summary>A text in the bytes of the wire: most are passed on and read by nobody.</summary>
/// <param name="Utf8">Valid UTF-8; where that is not certain, <see cref="Of"/> sees to it.</param>
[JsonConverter(typeof(Converter))]
internal readonly record struct Utf8Text(ReadOnlyMemory<byte> Utf8)
{
    public static implicit operator Utf8Text(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>A copy; what is no UTF-8 is replaced, as everywhere, by U+FFFD.</summary>
    public static Utf8Text Of(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes) ? new Utf8Text(bytes.ToArray()) : Encoding.UTF8.GetString(bytes);

    /// <summary>At most so many UTF-16 code units, and no half characters.</summary>
    public Utf8Text Cut(int most, out bool isCut)
    {
        isCut = Utf8.Length > most && Encoding.UTF8.GetCharCount(Utf8.Span) > most;
        if (!isCut) return this;
        // No code unit takes more than three bytes.
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
