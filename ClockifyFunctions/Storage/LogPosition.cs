using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Storage;

/// <summary>A position in an <see cref="AppendLog"/>. Lower segments, and the bytes before <see cref="Offset"/> in <see cref="Segment"/>, precede it.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct LogPosition(int Segment, long Offset) : IComparable<LogPosition>
{
    /// <summary>The position before the first line. Segments count from 1.</summary>
    public static readonly LogPosition Start = new(1, 0);

    public int CompareTo(LogPosition other) =>
        Segment != other.Segment ? Segment.CompareTo(other.Segment) : Offset.CompareTo(other.Offset);

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;

    /// <summary>Writes the same JSON as the generated converter. It is hand-written for speed, because each journal line contains a position.</summary>
    internal sealed class Converter : JsonConverter<LogPosition>
    {
        private static readonly JsonEncodedText SegmentName = JsonEncodedText.Encode("segment"), OffsetName = JsonEncodedText.Encode("offset");

        public override LogPosition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var (segment, offset) = (0, 0L);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isSegment = reader.ValueTextEquals(SegmentName.EncodedUtf8Bytes);
                reader.Read();
                if (isSegment) segment = reader.GetInt32();
                else offset = reader.GetInt64();
            }

            return new LogPosition(segment, offset);
        }

        public override void Write(Utf8JsonWriter writer, LogPosition value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber(SegmentName, value.Segment);
            writer.WriteNumber(OffsetName, value.Offset);
            writer.WriteEndObject();
        }
    }
}
