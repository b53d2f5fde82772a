using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Api;

/// <summary>
/// Calculates call rates from the histories that drains store in their cursors. A drain writes its cursor about every five seconds, so the
/// last seconds can be missing, and a rate is never higher than the real rate. Pure.
/// </summary>
internal static class CallRates
{
    /// <summary>The current rate is the mean of this number of seconds.</summary>
    private const int Mean = 5;

    /// <summary>If the last recorded call is older than this, the rate is 0.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Calls per second at the end of the histories; 0 if that is longer ago than <see cref="Silence"/>.</summary>
    public static double PerSecond(IReadOnlyCollection<CallHistory> histories, DateTimeOffset now)
    {
        var latest = histories.Max(history => history.Seconds is [.., var last] ? last.At : (long?)null);
        if (latest is not { } end || now.ToUnixTimeSeconds() - end > Silence.TotalSeconds) return 0;
        // The last second may be incomplete, because the cursor was written during it. Use the higher of the two means.
        return Math.Max(MeanUntil(end), MeanUntil(end - 1));

        double MeanUntil(long last) => histories.SelectMany(history => history.Seconds).Where(second => second.At > last - Mean && second.At <= last).Sum(second => second.Calls) / (double)Mean;
    }

    /// <summary>The sums of all histories by second, starting at <paramref name="from"/>. A second without a point had no calls, or its calls are not known yet.</summary>
    public static IReadOnlyList<PointView> Points(IReadOnlyCollection<CallHistory> histories, DateTimeOffset from) =>
    [
        .. histories.SelectMany(history => history.Seconds)
            .Where(second => second.At >= from.ToUnixTimeSeconds())
            .GroupBy(second => second.At)
            .OrderBy(second => second.Key)
            .Select(second => new PointView(DateTimeOffset.FromUnixTimeSeconds(second.Key), second.Sum(one => one.Calls), second.Sum(one => one.Throttled))),
    ];

    /// <summary>The time up to which the calls of a credential are known. While a drain serves a destination, this is the time of the last cursor write.</summary>
    public static DateTimeOffset KnownUntil(IReadOnlyCollection<BacklogSummary> backlogs, bool isSending, DateTimeOffset now)
    {
        if (!isSending) return now;
        var moved = backlogs.Where(backlog => backlog.MovedAt > now - Silence).Min(backlog => backlog.MovedAt);
        return moved is { } known && known < now ? known : now;
    }

    /// <summary>The largest number of calls that the limits allow in one second.</summary>
    public static int MostPerSecond(IReadOnlyList<RateWindow> limits) =>
        limits.Min(window => window.Permits * (int)Math.Ceiling(1 / Math.Min(1, window.Period.TotalSeconds)));
}
