namespace ClockifyFunctions.Rendering.Values;

/// <summary>Converts the words for true and false that exported files use.</summary>
internal static class BooleanText
{
    private static readonly HashSet<string> Yes = new(StringComparer.OrdinalIgnoreCase) { "true", "yes", "1", "ja", "oui" }, No = new(StringComparer.OrdinalIgnoreCase) { "false", "no", "0", "nein", "non" };

    public static Converted ToBoolean(string text) =>
        Yes.Contains(text) ? Converted.To("true")
        : No.Contains(text) ? Converted.To("false")
        : Converted.Refused($"{FieldFault.Shown(text)} is neither true nor false; write true or false, yes or no, 1 or 0, ja or nein, oui or non.");
}
