using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.Ingest;

/// <summary>
/// Splits a JSON text into its records. It uses a forward-only reader, because a document of the whole text would need up to twelve times its size
/// in memory. Pure.
/// </summary>
internal static class JsonRecords
{
    /// <summary>Maximum nesting of objects and arrays. Storage wraps a record in further levels, and the JSON reader allows 64.</summary>
    public const int MaxDepth = 60;

    /// <summary>Maximum number of records in one request or message.</summary>
    public const int MostRecords = 100_000;

    /// <summary>Maximum bytes of one request or message. The app holds several copies of them in memory, and an instance has 512 MB.</summary>
    public const int MostBytes = 16 << 20;

    public static readonly string TooMany = string.Create(CultureInfo.InvariantCulture, $"holds more than {MostRecords} records; send them in parts");

    /// <summary>Returns the elements of an array, or the value itself. It stops after one element more than <see cref="MostRecords"/>.</summary>
    /// <exception cref="JsonException">The text is not JSON, or too deep.</exception>
    public static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> text, out bool isArray)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        isArray = reader.TokenType == JsonTokenType.StartArray;
        while (!isArray || (reader.Read() && reader.TokenType != JsonTokenType.EndArray))
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            records.Add(text[start..(int)reader.BytesConsumed]);
            if (!isArray || records.Count > MostRecords) break;
        }

        // Read to the end, so that text behind the value is detected.
        while (records.Count <= MostRecords && reader.Read())
        {
        }

        return records;
    }

    /// <summary>The reason why a text could not be read, to be written after the name of the text.</summary>
    public static string WhyUnreadable(ReadOnlyMemory<byte> text, JsonException malformed)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"(line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1})");
        return IsJsonOfAnyDepth(text.Span)
            ? string.Create(CultureInfo.InvariantCulture, $"is nested deeper than {MaxDepth} levels {place}; flatten it at the source")
            : $"is not JSON {place}; send UTF-8 JSON";
    }

    /// <summary>The kind of a JSON value, determined by its first byte.</summary>
    public static JsonValueKind KindOf(ReadOnlySpan<byte> value) => value[0] switch
    {
        (byte)'{' => JsonValueKind.Object,
        (byte)'[' => JsonValueKind.Array,
        (byte)'"' => JsonValueKind.String,
        (byte)'t' => JsonValueKind.True,
        (byte)'f' => JsonValueKind.False,
        (byte)'n' => JsonValueKind.Null,
        _ => JsonValueKind.Number,
    };

    private static bool IsJsonOfAnyDepth(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
