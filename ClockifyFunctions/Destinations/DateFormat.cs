using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ClockifyFunctions.Destinations;

/// <summary>A .NET date pattern of a config, for example <c>dd.MM.yyyy HH:mm</c>, in the language of a culture. It must be able to read the texts that it writes.</summary>
internal sealed class DateFormat
{
    private const DateTimeStyles Styles = DateTimeStyles.AdjustToUniversal | DateTimeStyles.NoCurrentDateDefault;

    private const int MostCharacters = 100;

    /// <summary>A date whose parts all differ, with an hour in the afternoon, and a year that the parser does not assume if a text contains none.</summary>
    private static readonly DateTime Sample = new(1987, 11, 25, 13, 45, 0, DateTimeKind.Utc);

    private readonly string[] _patterns;
    private readonly DateTimeFormatInfo _language;

    private DateFormat(string pattern, DateTimeFormatInfo language, bool hasTime) => (Text, _language, HasTime, _patterns) = (pattern, language, hasTime, [pattern]);

    /// <summary>The pattern in the config.</summary>
    public string Text { get; }

    /// <summary>Whether the pattern contains a time of day.</summary>
    public bool HasTime { get; }

    /// <param name="culture">The culture; null for English.</param>
    /// <param name="ofTime">True for a pattern of a time of day. False for a pattern of a date, with or without a time.</param>
    /// <param name="problem">The problem with the pattern, and the remedy.</param>
    public static bool TryCreate(string pattern, CultureInfo? culture, bool ofTime, [NotNullWhen(true)] out DateFormat? format, out string problem)
    {
        format = null;
        var language = LanguageOf(culture ?? CultureInfo.InvariantCulture);
        var example = ofTime ? "HH:mm" : "dd.MM.yyyy HH:mm";
        problem = $"'{pattern}' is not a .NET date format; write for example {example}.";
        // A single letter is the name of a .NET standard format, which is not intended here.
        if (pattern.Length is < 2 or > MostCharacters || !TryRoundTrip(pattern, language, out var read)) return false;
        // M is the month and m is the minute. A pattern that exchanges them still reads its own texts, so the round trip does not find the error.
        if (pattern.IndexOf('m', StringComparison.Ordinal) is >= 0 and var minutes && !pattern.AsSpan(0, minutes).ContainsAny('H', 'h'))
            problem = $"'{pattern}' has minutes (mm) before its hours; months are MM, for example {example}.";
        else if (!ofTime && read.Date != Sample.Date)
            problem = $"'{pattern}' has no day, month or year; write for example {example}.";
        else if (read.Hour is not 0 && read.Hour != Sample.Hour)
            problem = $"'{pattern}' does not tell morning from afternoon; write HH for 24 hours, or add tt for AM and PM.";
        else if (ofTime && read.Hour == 0)
            problem = $"'{pattern}' has no hours; write for example {example}.";
        else
            format = new DateFormat(pattern, language, read.Hour != 0);
        return format is not null;
    }

    /// <param name="at">The time in UTC if the text contains a zone. Otherwise its kind is unspecified.</param>
    public bool TryRead(string text, out DateTime at) => DateTime.TryParseExact(text, _patterns, _language, Styles, out at);

    /// <summary>Reads a date or time with patterns of ISO 8601.</summary>
    public static bool TryRead(string text, string[] patterns, out DateTime at) => DateTime.TryParseExact(text, patterns, CultureInfo.InvariantCulture, Styles, out at);

    /// <summary>
    /// The names of months and days, and AM and PM, in the language of a culture. Separators stand for themselves: '/' in a pattern matches '/' in
    /// every language.
    /// </summary>
    private static DateTimeFormatInfo LanguageOf(CultureInfo culture)
    {
        var language = (DateTimeFormatInfo)culture.DateTimeFormat.Clone();
        (language.DateSeparator, language.TimeSeparator) = ("/", ":");
        if (language.Calendar is not GregorianCalendar) language.Calendar = new GregorianCalendar();
        return language;
    }

    private static bool TryRoundTrip(string pattern, DateTimeFormatInfo language, out DateTime read)
    {
        try
        {
            return DateTime.TryParseExact(Sample.ToString(pattern, language), pattern, language, Styles, out read);
        }
        catch (FormatException)
        {
            read = default;
            return false;
        }
    }
}
