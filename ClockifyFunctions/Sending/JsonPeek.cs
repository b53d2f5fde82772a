using System.Text.Json;

namespace ClockifyFunctions.Sending;

/// <summary>Looks for one member of a JSON object without taking the rest apart; the first of that name, where there are several.</summary>
internal static class JsonPeek
{
    /// <summary>The member's text; null where it is no text, or the bytes are no JSON object up to there: cut off, perhaps, or a proxy's page.</summary>
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

    /// <summary>The member's number.</summary>
    /// <inheritdoc cref="Text"/>
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
