using System.Text.Json;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>JSON that may be anything: a proxy's page, or what a person has edited.</summary>
internal static class AnswerJson
{
    /// <summary>Null where it is no sound JSON, or of another kind.</summary>
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
}
