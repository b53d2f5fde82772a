using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.Ingest;

/// <summary>
/// Cuts a JSON text into its records. A reader passes over the text; a document of the whole text would take up to twelve times its size
/// in memory. Pure.
/// </summary>
internal static class JsonRecords
{
    /// <summary>Levels of objects and lists: a record is wrapped in storage, and a JSON reader takes 64.</summary>
    public const int MaxDepth = 60;

    /// <summary>Records of one request or message.</summary>
    public const int MostRecords = 100_000;

    /// <summary>Bytes of one request or message. They are held in memory several times, in an instance of 512 MB.</summary>
    public const int MostBytes = 16 << 20;

    public static readonly string TooMany = string.Create(CultureInfo.InvariantCulture, $"holds more than {MostRecords} records; send them in parts");

    /// <summary>The elements of an array, or the value itself. At most one more than <see cref="MostRecords"/>.</summary>
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

        // Reads on to the end, so that anything behind the value is found.
        while (records.Count <= MostRecords && reader.Read())
        {
        }

        return records;
    }

    /// <summary>What follows the name of a text that could not be read.</summary>
    public static string WhyUnreadable(ReadOnlyMemory<byte> text, JsonException malformed)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"(line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1})");
        return IsJsonOfAnyDepth(text.Span)
            ? string.Create(CultureInfo.InvariantCulture, $"is nested deeper than {MaxDepth} levels {place}; flatten it at the source")
            : $"is not JSON {place}; send UTF-8 JSON";
    }

    /// <summary>The kind of a JSON value, told by its first byte.</summary>
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
