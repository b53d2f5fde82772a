using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering.Values;

/// <summary>Splits a text that contains a list.</summary>
internal static class ListText
{
    private static readonly char[] Separators = [',', ';', '|', '\n'];

    public static Converted ToList(string text, TemplateField field, ValueOptions options)
    {
        // Ids, e-mail addresses and choices never contain a separator. Names can contain one.
        if (options.Split is null && field.Type != FieldType.Texts && text.IndexOfAny(Separators) is >= 0 and var at)
            return Converted.Refused($"{FieldFault.Shown(text)} has several items in one text; send a list, or say in the mapping \"split\": \"{(text[at] == '\n' ? "\\n" : text[at])}\".");
        var items = options.Split is { } split ? text.Split(split, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : text.Length == 0 ? [] : [text];
        return Converted.To($"[{string.Join(',', items.Select(item => MacroPlace.JsonValue.Encode(field.Type == FieldType.Choices ? ValueConversion.Choice(item, field) : item)))}]");
    }
}
