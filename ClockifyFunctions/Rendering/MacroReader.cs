using System.Globalization;
using System.Text.RegularExpressions;

namespace ClockifyFunctions.Rendering;

/// <summary>Understands the inside of one macro.</summary>
internal static partial class MacroReader
{
    private const string RecordPrefix = "record.";

    /// <summary>Longest distance from now: keeps every result within the calendar.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(36525);

    private static readonly Dictionary<string, string> DateParts = new(StringComparer.Ordinal)
    {
        ["YYYY"] = "yyyy",
        ["yyyy"] = "yyyy",
        ["YY"] = "yy",
        ["MM"] = "MM",
        ["dd"] = "dd",
        ["DD"] = "dd",
        ["HH"] = "HH",
        ["mm"] = "mm",
        ["ss"] = "ss",
    };

    /// <summary>The macro, or null and what is wrong with it.</summary>
    public static Macro? Read(string text, bool doubled, IReadOnlyDictionary<string, Template> inputs, out string problem)
    {
        problem = "";
        if (doubled || text.StartsWith(RecordPrefix, StringComparison.Ordinal))
        {
            var path = doubled ? text.Trim() : text[RecordPrefix.Length..];
            if (doubled && path.StartsWith(RecordPrefix, StringComparison.Ordinal)) path = path[RecordPrefix.Length..];
            if (AttributePath.IsValid(path)) return new Macro.Attribute(new AttributePath(path));
            problem = $"'{path}' names no attribute; write {{record.name}} or {{record.outer.inner}}";
            return null;
        }

        if (text == "message.json") return new Macro.Message();
        if (DateParts.TryGetValue(text, out var part)) return new Macro.Now(TimeSpan.Zero, part);
        if (inputs.TryGetValue(text, out var input)) return new Macro.Input(text, input);
        if (text.StartsWith("now", StringComparison.Ordinal)) return ReadNow(text, out problem);
        var known = string.Concat(inputs.Keys.Order(StringComparer.Ordinal).Select(name => $", {{{name}}}"));
        problem = $"{{{text}}} is no macro; use {{record.attribute}}, {{{{attribute}}}}, {{now}}, {{YYYY}} {{MM}} {{dd}} {{HH}} {{mm}} {{ss}}, {{message.json}}{known}";
        return null;
    }

    private static Macro.Now? ReadNow(string text, out string problem)
    {
        problem = $"{{{text}}} is not understood; write {{now}}, {{now-5}} (days), {{now+2h}} (s, m, h, d or w), {{now-1d:yyyy-MM-dd}}";
        if (NowPattern().Match(text) is not { Success: true } match) return null;
        var offset = TimeSpan.Zero;
        if (match.Groups["count"] is { Success: true } count)
        {
            var unit = match.Groups["unit"].Value switch { "s" => 1, "m" => 60, "h" => 3600, "w" => 7 * 86400, _ => 86400L };
            var seconds = long.Parse(count.Value, CultureInfo.InvariantCulture) * unit;
            if (seconds > Furthest.TotalSeconds)
            {
                problem = $"{{{text}}} is more than a hundred years away";
                return null;
            }

            offset = TimeSpan.FromSeconds(match.Groups["sign"].Value == "-" ? -seconds : seconds);
        }

        var format = match.Groups["format"] is { Success: true } written ? written.Value : null;
        if (format is not null && !FormatPattern().IsMatch(format))
        {
            problem = $"'{format}' is no date format; use yyyy MM dd HH mm ss fff zzz, separated by - / : . , space or T";
            return null;
        }

        return new Macro.Now(offset, format?.Replace("T", "'T'", StringComparison.Ordinal).Replace("Z", "'Z'", StringComparison.Ordinal).Replace("/", "'/'", StringComparison.Ordinal));
    }

    [GeneratedRegex("^now(?:(?<sign>[+-])(?<count>[0-9]{1,9})(?<unit>[smhdw])?)?(?::(?<format>.+))?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NowPattern();

    [GeneratedRegex("^(?:yyyy|yy|MMMM|MMM|MM|M|dddd|ddd|dd|d|HH|H|hh|h|mm|m|ss|s|fff|tt|zzz|[-/:. ,_TZ])+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex FormatPattern();
}
