using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace ClockifyFunctions.Templates;

/// <summary>
/// Detects JSON with an unpaired surrogate in an escape sequence, or with invalid UTF-8. <see cref="JsonElement"/> throws when such a text is
/// read. This check scans the bytes once, before any code reads the text.
/// </summary>
internal static class BrokenText
{
    public static bool IsIn(JsonElement element) => IsIn(JsonMarshal.GetRawUtf8Value(element));

    public static bool IsIn(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) return true;
        if (!json.Contains((byte)'\\')) return false;
        var highBefore = false;
        for (var at = 0; at < json.Length;)
        {
            var unit = json[at] == '\\' && json[at + 1] == 'u' ? Unit(json.Slice(at + 2, 4)) : 0;
            if (highBefore != unit is >= 0xDC00 and <= 0xDFFF) return true;
            highBefore = unit is >= 0xD800 and <= 0xDBFF;
            at += json[at] != '\\' ? 1 : json[at + 1] == 'u' ? 6 : 2;
        }

        return highBefore;
    }

    private static int Unit(ReadOnlySpan<byte> digits) => int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : 0;
}
