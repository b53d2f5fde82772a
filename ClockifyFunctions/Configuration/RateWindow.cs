using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ClockifyFunctions.Configuration;

/// <summary>At most <see cref="Permits"/> calls in any interval of the length <see cref="Period"/>.</summary>
/// <param name="Permits">1 to 100,000 calls.</param>
/// <param name="Period">00:00:00.1 to 1.00:00:00 (a day).</param>
public readonly record struct RateWindow(int Permits, TimeSpan Period)
{
    /// <summary>One call in two minutes. With a lower rate, a drain could end before it gets the next permit.</summary>
    public const double LeastPerSecond = 1 / 120.0;

    public double PerSecond => Permits / Period.TotalSeconds;

    /// <summary>Reads <c>10/00:00:01;30/01:00:00</c>.</summary>
    public static bool TryParseList(string text, [NotNullWhen(true)] out IReadOnlyList<RateWindow>? windows)
    {
        var list = new List<RateWindow>();
        windows = list;
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var slash = part.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0
                || !int.TryParse(part.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var permits) || permits is < 1 or > 100_000
                || !TimeSpan.TryParse(part.AsSpan(slash + 1), CultureInfo.InvariantCulture, out var period)
                || period < TimeSpan.FromMilliseconds(100) || period > TimeSpan.FromDays(1))
                return false;
            list.Add(new RateWindow(permits, period));
        }

        return list.Count > 0;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Permits}/{Period:c}");
}
