using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>Checks that a body template gives valid JSON for every record.</summary>
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
