using System.Globalization;

namespace ClockifyFunctions.Templates;

/// <summary>Parses the text between the braces of one macro.</summary>
internal static class MacroReader
{
    private const string RecordPrefix = "record.";

    /// <summary>Maximum number of digits of an offset from now.</summary>
    private const int MostDigits = 9;

    /// <summary>Maximum offset from now. It keeps every result within the range of <see cref="DateTimeOffset"/>.</summary>
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

    /// <summary>Parses a macro. Returns null and the problem if the text is not a macro.</summary>
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
        problem = $"{{{text}}} is not a macro; use {{record.attribute}}, {{{{attribute}}}}, {{now}}, {{YYYY}} {{MM}} {{dd}} {{HH}} {{mm}} {{ss}}, {{message.json}}{known}";
        return null;
    }

    private static Macro.Now? ReadNow(string text, out string problem)
    {
        problem = $"{{{text}}} is not understood; write {{now}}, {{now-5}} (days), {{now+2h}} (s, m, h, d or w), {{now-1d:yyyy-MM-dd}}";
        var rest = text.AsSpan("now".Length);
        if (!TryReadOffset(ref rest, out var seconds) || rest is not ([] or [':', _, ..])) return null;
        if (Math.Abs(seconds) > Furthest.TotalSeconds)
        {
            problem = $"{{{text}}} is more than a hundred years away";
            return null;
        }

        var format = rest.IsEmpty ? null : rest[1..].ToString();
        if (format is not null && !IsDateFormat(format))
        {
            problem = $"'{format}' is not a date format; use yyyy MM dd HH mm ss fff zzz, separated by - / : . , space or T";
            return null;
        }

        return new Macro.Now(TimeSpan.FromSeconds(seconds), format?.Replace("T", "'T'", StringComparison.Ordinal).Replace("Z", "'Z'", StringComparison.Ordinal).Replace("/", "'/'", StringComparison.Ordinal));
    }

    /// <summary>Reads an offset such as <c>+2h</c> or <c>-5</c> (days) and removes it from the start of <paramref name="text"/>. A missing offset is zero.</summary>
    private static bool TryReadOffset(ref ReadOnlySpan<char> text, out long seconds)
    {
        seconds = 0;
        if (text is not ['+' or '-', ..]) return true;
        var digits = text[1..].IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? text[1..(1 + end)] : text[1..];
        if (digits.Length is 0 or > MostDigits) return false;
        seconds = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) * (text[0] == '-' ? -1 : 1);
        text = text[(1 + digits.Length)..];
        var unit = text is ['s' or 'm' or 'h' or 'd' or 'w', ..] ? text[0] : ' ';
        if (unit != ' ') text = text[1..];
        seconds *= unit switch { 's' => 1, 'm' => 60, 'h' => 3600, 'w' => 7 * 86400, _ => 86400 };
        return true;
    }

    /// <summary>Checks a date format, one run of equal letters at a time. A regular expression for all combinations of parts could backtrack excessively.</summary>
    private static bool IsDateFormat(ReadOnlySpan<char> format)
    {
        while (!format.IsEmpty)
        {
            var length = format.IndexOfAnyExcept(format[0]) is var end and >= 0 ? end : format.Length;
            if (!IsDatePart(format[0], length)) return false;
            format = format[length..];
        }

        return true;
    }

    private static bool IsDatePart(char letter, int length) => letter switch
    {
        'y' => length is 2 or 4,
        'M' or 'd' => length <= 4,
        'H' or 'h' or 'm' or 's' => length <= 2,
        'f' or 'z' => length == 3,
        't' => length == 2,
        _ => "-/:. ,_TZ".Contains(letter, StringComparison.Ordinal),
    };
}
