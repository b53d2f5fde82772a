using System.Globalization;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>At most <paramref name="Permits"/> arrivals in a half-open window of this length, counted as the kind says.</summary>
internal sealed record RateWindow(int Permits, TimeSpan Length, WindowKind Kind = WindowKind.Sliding)
{
    public static RateWindow PerSecond(int permits) => new(permits, TimeSpan.FromSeconds(1));

    public static RateWindow PerHour(int permits) => new(permits, TimeSpan.FromHours(1));

    /// <summary>Reads <c>10/00:00:01</c> or <c>30/01:00:00/fixed</c>; several are separated by <c>;</c>. The text <c>none</c> is no limit.</summary>
    /// <returns>Null when the text is none of that.</returns>
    public static IReadOnlyList<RateWindow>? ParseList(string text)
    {
        if (text == "none")
            return [];
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var windows = parts.Select(Parse).OfType<RateWindow>().ToList();
        return windows.Count == parts.Length ? windows : null;
    }

    /// <summary>The length in units of <see cref="TimeProvider.GetTimestamp"/>; integer, so "exactly one second" is exact.</summary>
    public static long InTimestampUnits(TimeSpan length, long frequency) =>
        (long)((Int128)length.Ticks * frequency / TimeSpan.TicksPerSecond);

    private static RateWindow? Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length is 2 or 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var permits) && permits is > 0 and <= 1_000_000
            && TimeSpan.TryParse(parts[1], CultureInfo.InvariantCulture, out var length) && length > TimeSpan.Zero && length <= TimeSpan.FromDays(1)
            ? (parts.ElementAtOrDefault(2) ?? "sliding") switch
            {
                "sliding" => new(permits, length),
                "fixed" => new(permits, length, WindowKind.Fixed),
                "bucket" => new(permits, length, WindowKind.Bucket),
                _ => null,
            }
            : null;
    }
}
