using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Storage;

/// <summary>A place in an <see cref="AppendLog"/>: everything before <see cref="Offset"/> in <see cref="Segment"/>, and every lower segment, lies behind it.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct LogPosition(int Segment, long Offset) : IComparable<LogPosition>
{
    /// <summary>Before the first line; segments count from 1.</summary>
    public static readonly LogPosition Start = new(1, 0);

    public int CompareTo(LogPosition other) =>
        Segment != other.Segment ? Segment.CompareTo(other.Segment) : Offset.CompareTo(other.Offset);

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;

    /// <summary>As the generated one would write it; by hand because each line of a journal holds one.</summary>
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
