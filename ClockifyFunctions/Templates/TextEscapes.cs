using System.Text;

namespace ClockifyFunctions.Templates;

/// <summary>Escapes a value for the surrounding format, so that no part of the value is read as syntax.</summary>
internal static class TextEscapes
{
    /// <summary>Escapes a name or value of a form.</summary>
    public static string Form(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    /// <summary>Escapes an XML text or attribute value. Characters that are invalid in XML 1.0 become U+FFFD.</summary>
    public static string Xml(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&apos;"),
                // XML parsers convert an unescaped carriage return to a line feed.
                '\r' => escaped.Append("&#xD;"),
                '\t' or '\n' => escaped.Append((char)rune.Value),
                < 0x20 or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }
}
