using System.Text.Json;

namespace ClockifyFunctions.Sending;

/// <summary>Finds one member of a JSON object without parsing the rest. If several members have the name, the first one is returned.</summary>
internal static class JsonPeek
{
    /// <summary>Returns the member's text. Returns null if the member is missing or no string, or the bytes before it are not valid JSON.</summary>
    public static string? Text(ReadOnlyMemory<byte> utf8, string name)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8.Span);
            return Find(ref reader, name) && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns the member's integer. Returns null if the member is missing or no integer, or the bytes before it are not valid JSON.</summary>
    public static int? Number(ReadOnlyMemory<byte> utf8, string name)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8.Span);
            return Find(ref reader, name) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Find(ref Utf8JsonReader reader, string name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt) return true;
            reader.Skip();
        }

        return false;
    }
}
