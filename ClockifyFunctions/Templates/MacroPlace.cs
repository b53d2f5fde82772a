using System.Text;
using System.Text.Encodings.Web;

namespace ClockifyFunctions.Templates;

/// <summary>The place of a macro's value in a request.</summary>
internal enum MacroPlace
{
    /// <summary>Scheme, host and port. No macro is allowed here.</summary>
    Origin,

    Segment,
    Query,
    Header,

    /// <summary>Inside the quotes of a JSON string.</summary>
    JsonString,

    /// <summary>In place of a complete JSON value.</summary>
    JsonValue,

    XmlText,
    FormValue,
}

internal static class MacroPlaces
{
    /// <summary>Returns whether the place needs a value. A record without a value for it is refused.</summary>
    public static bool NeedsValue(this MacroPlace place) => place is MacroPlace.Segment or MacroPlace.Query or MacroPlace.Header;

    /// <summary>Encodes a value for its place, so that no part of the value is read as syntax.</summary>
    public static string Encode(this MacroPlace place, string value) => place switch
    {
        MacroPlace.Segment or MacroPlace.Query => Uri.EscapeDataString(value),
        MacroPlace.JsonString => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
        MacroPlace.JsonValue => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"",
        MacroPlace.XmlText => TextEscapes.Xml(value),
        MacroPlace.FormValue => TextEscapes.Form(value),
        _ => value,
    };

    /// <summary>Describes why a value is not allowed in this place. Returns null if it is allowed.</summary>
    public static string? Refuse(this MacroPlace place, string value)
    {
        if (place == MacroPlace.Segment && value.Length == 0) return "is empty, and stands in the path of the URL";
        if (place is not (MacroPlace.Segment or MacroPlace.Query or MacroPlace.Header) || !value.AsSpan().ContainsAnyExceptInRange(' ', '~')) return null;
        foreach (var rune in value.EnumerateRunes())
            if (Rune.IsControl(rune)) return $"holds the control character U+{rune.Value:X4}, which may not stand in a URL or header";
        // Servers interpret header bytes outside ASCII differently.
        return place == MacroPlace.Header && !Ascii.IsValid(value) ? "holds characters beyond ASCII, which may not stand in a header" : null;
    }
}
