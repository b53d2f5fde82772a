using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Sending;

/// <summary>Parses JSON from untrusted sources, such as an error page of a proxy or a text that a person edited.</summary>
internal static class AnswerJson
{
    /// <summary>Parses the text. Returns null if the text is not valid JSON, contains an unpaired surrogate or invalid UTF-8, or has another kind.</summary>
    public static JsonElement? Read(ReadOnlyMemory<byte> text, JsonValueKind kind)
    {
        try
        {
            var root = JsonElement.Parse(text.Span);
            return root.ValueKind == kind && !BrokenText.IsIn(root) ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns whether the body of a successful answer has the shape that the request expects.</summary>
    public static bool Fits(AnswerShape shape, ReadOnlySpan<byte> body)
    {
        if (shape == AnswerShape.Any) return true;
        if (body.Trim(" \t\r\n"u8).IsEmpty) return shape == AnswerShape.JsonOrNothing;
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            var fits = shape switch
            {
                AnswerShape.Entity => IsEntity(ref reader),
                AnswerShape.Object => reader.TokenType == JsonTokenType.StartObject && reader.TrySkip(),
                AnswerShape.List => reader.TokenType == JsonTokenType.StartArray && reader.TrySkip(),
                _ => reader.TrySkip(),
            };
            return fits && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsEntity(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        var hasId = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            hasId |= isId && reader.TokenType == JsonTokenType.String;
            reader.Skip();
        }

        return hasId;
    }
}
