using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Instants and durations in the format of the API.</summary>
internal static partial class Timestamps
{
    public static DateTimeOffset Cut(DateTimeOffset value) =>
        DateTimeOffset.FromUnixTimeSeconds(value.ToUnixTimeSeconds());

    public static string Text(DateTimeOffset value) =>
        value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Null when malformed or without a zone. Offsets become UTC, fractions are cut.</summary>
    public static DateTimeOffset? Parse(string text) =>
        Zoned().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
            ? Cut(value)
            : null;

    /// <summary>Hours are not folded into days: PT26H.</summary>
    public static string Duration(TimeSpan span)
    {
        if (span <= TimeSpan.Zero)
            return "PT0S";

        var text = new StringBuilder("PT");
        if (span.TotalHours >= 1)
            text.Append(CultureInfo.InvariantCulture, $"{(long)span.TotalHours}H");
        if (span.Minutes > 0)
            text.Append(CultureInfo.InvariantCulture, $"{span.Minutes}M");
        if (span.Seconds > 0)
            text.Append(CultureInfo.InvariantCulture, $"{span.Seconds}S");
        return text.ToString();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Zoned();
}
