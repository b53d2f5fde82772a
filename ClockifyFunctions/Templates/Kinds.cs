using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>Names the kinds of JSON values in plain words, for problems.</summary>
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
