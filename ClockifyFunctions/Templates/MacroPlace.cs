using System.Text;
using System.Text.Encodings.Web;

namespace ClockifyFunctions.Templates;

/// <summary>Where the value of a macro stands.</summary>
internal enum MacroPlace
{
    /// <summary>Scheme, host and port: no macro may stand here.</summary>
    Origin,

    Segment,
    Query,
    Header,

    /// <summary>Between the quotes of a JSON string.</summary>
    JsonString,

    /// <summary>Where JSON has a whole value.</summary>
    JsonValue,

    XmlText,
    FormValue,
}

internal static class MacroPlaces
{
    /// <summary>Places that a call cannot do without: a record with nothing to put there is refused.</summary>
    public static bool NeedsValue(this MacroPlace place) => place is MacroPlace.Segment or MacroPlace.Query or MacroPlace.Header;

    /// <summary>Writes a value so that it stays a value: nothing in it can end the place it stands in.</summary>
    public static string Encode(this MacroPlace place, string value) => place switch
    {
        MacroPlace.Segment or MacroPlace.Query => Uri.EscapeDataString(value),
        MacroPlace.JsonString => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
        MacroPlace.JsonValue => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"",
        MacroPlace.XmlText => TextEscapes.Xml(value),
        MacroPlace.FormValue => TextEscapes.Form(value),
        _ => value,
    };

    /// <summary>Why a value may not stand in this place, or null.</summary>
    public static string? Refuse(this MacroPlace place, string value)
    {
        if (place == MacroPlace.Segment && value.Length == 0) return "is empty, and stands in the path of the URL";
        if (place is not (MacroPlace.Segment or MacroPlace.Query or MacroPlace.Header) || !value.AsSpan().ContainsAnyExceptInRange(' ', '~')) return null;
        foreach (var rune in value.EnumerateRunes())
            if (Rune.IsControl(rune)) return $"holds the control character U+{rune.Value:X4}, which may not stand in a URL or header";
        // A header is sent byte for byte; beyond ASCII, servers disagree about what it says.
        return place == MacroPlace.Header && !Ascii.IsValid(value) ? "holds characters beyond ASCII, which may not stand in a header" : null;
    }
}
