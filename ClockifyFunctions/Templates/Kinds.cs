using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>Kinds of JSON values as a person calls them.</summary>
internal static class Kinds
{
    public static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        _ => "missing",
    };
}
