using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>The date and time format of a column.</summary>
/// <param name="Format">.NET pattern; null if the column has ISO 8601, which needs no pattern, or several formats fit.</param>
/// <param name="IsAmbiguous">Whether the values do not show which number is the day and which is the month.</param>
internal sealed record DateShape(bool HasDate, bool HasTime, string? Format, bool IsAmbiguous = false)
{
    /// <summary>Date formats, the strict ones first, because <c>d.M.yyyy</c> also accepts values in <c>dd.MM.yyyy</c>.</summary>
    private static readonly string[] Dates = ["dd.MM.yyyy", "d.M.yyyy", "dd.MM.yy", "dd/MM/yyyy", "d/M/yyyy", "MM/dd/yyyy", "M/d/yyyy", "dd-MM-yyyy", "MM-dd-yyyy", "yyyy/MM/dd", "yyyy.MM.dd"];

    private static readonly string[] Times = ["HH:mm", "H:mm", "HH:mm:ss", "H:mm:ss", "hh:mm tt", "h:mm tt", "hh:mm:ss tt", "h:mm:ss tt"];

    private static readonly string[] IsoDates = ["yyyy-MM-dd"];

    private static readonly string[] IsoMoments =
        [.. from between in new[] { "'T'", "' '" } from time in new[] { "HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF" } select $"yyyy-MM-dd{between}{time}K"];

    private static readonly string[] Moments = [.. from date in Dates.Prepend("yyyy-MM-dd") from time in Times select $"{date} {time}"];

    /// <summary>Detects the format of a column. Returns null if the column has no values or its values are neither dates nor times.</summary>
    public static DateShape? Of(SampleColumn column)
    {
        if (Reads(column, IsoMoments)) return new DateShape(true, true, null);
        if (Reads(column, IsoDates)) return new DateShape(true, false, null);
        return Find(column, Times, hasDate: false, hasTime: true) ?? Find(column, Dates, hasDate: true, hasTime: false) ?? Find(column, Moments, hasDate: true, hasTime: true);
    }

    /// <summary>Returns the combined format of a date column and a time column. Returns null if the conversion needs no format.</summary>
    public static string? Join(DateShape date, DateShape time) => date.Format is null && time.Format is "HH:mm" or "HH:mm:ss" or "H:mm" or "H:mm:ss" ? null : $"{date.Format ?? "yyyy-MM-dd"} {time.Format}";

    private static DateShape? Find(SampleColumn column, string[] patterns, bool hasDate, bool hasTime)
    {
        var fitting = patterns.Where(pattern => Reads(column, [pattern])).ToList();
        if (fitting is []) return null;
        var isAmbiguous = hasDate && fitting.Select(pattern => pattern.IndexOf('d', StringComparison.Ordinal) < pattern.IndexOf('M', StringComparison.Ordinal)).Distinct().Count() > 1;
        return new DateShape(hasDate, hasTime, isAmbiguous ? null : fitting[0], isAmbiguous);
    }

    private static bool Reads(SampleColumn column, string[] patterns) => column.HasMostly(value => DateFormat.TryRead(value.Trim(), patterns, out _));
}
