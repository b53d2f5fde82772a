using System.Text;

namespace ClockifyFunctions.Templates;

/// <summary>Writes a value so that it stays a value in the format around it.</summary>
internal static class TextEscapes
{
    /// <summary>Names and values of a form.</summary>
    public static string Form(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    /// <summary>Text and attribute values. Characters that XML 1.0 cannot hold at all become U+FFFD.</summary>
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
                // A parser would turn a bare carriage return into a line feed.
                '\r' => escaped.Append("&#xD;"),
                '\t' or '\n' => escaped.Append((char)rune.Value),
                < 0x20 or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }
}
