using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>Whether a body template gives JSON whatever the record holds.</summary>
internal static class BodyTemplateCheck
{
    public static void Json(Template body, ICollection<Problem> problems)
    {
        var text = string.Concat(body.Parts.Select(part => part.Macro is null ? part.Literal : part.Place == MacroPlace.JsonString ? "x" : "null"));
        try
        {
            using var json = JsonDocument.Parse(text);
        }
        catch (JsonException broken)
        {
            problems.Add(new Problem("$.bodyTemplate", $"is not JSON once its macros have values: {broken.Message}"));
        }
    }
}
