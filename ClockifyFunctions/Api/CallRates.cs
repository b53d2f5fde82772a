using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Api;

/// <summary>
/// Call rates from the histories that the senders keep in their cursors. A sender writes its cursor about every five seconds, so the
/// latest seconds can be missing; a rate is therefore never above what was sent. Pure.
/// </summary>
internal static class CallRates
{
    /// <summary>The current rate is the mean of so many seconds.</summary>
    private const int Mean = 5;

    /// <summary>A sender that has written no call for so long has stopped.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Calls per second at the latest time that the histories tell of; 0 when that is longer ago than <see cref="Silence"/>.</summary>
    public static double PerSecond(IReadOnlyCollection<CallHistory> histories, DateTimeOffset now)
    {
        var latest = histories.Max(history => history.Seconds is [.., var last] ? last.At : (long?)null);
        if (latest is not { } end || now.ToUnixTimeSeconds() - end > Silence.TotalSeconds) return 0;
        // The latest second may be cut off by the writing of the cursor. Both means are true; the other one is lower for that reason.
        return Math.Max(MeanUntil(end), MeanUntil(end - 1));

        double MeanUntil(long last) => histories.SelectMany(history => history.Seconds).Where(second => second.At > last - Mean && second.At <= last).Sum(second => second.Calls) / (double)Mean;
    }

    /// <summary>The sums of all histories by second, from <paramref name="from"/> on. A second without a point had no calls, or is not known yet.</summary>
    public static IReadOnlyList<PointView> Points(IReadOnlyCollection<CallHistory> histories, DateTimeOffset from) =>
    [
        .. histories.SelectMany(history => history.Seconds)
            .Where(second => second.At >= from.ToUnixTimeSeconds())
            .GroupBy(second => second.At)
            .OrderBy(second => second.Key)
            .Select(second => new PointView(DateTimeOffset.FromUnixTimeSeconds(second.Key), second.Sum(one => one.Calls), second.Sum(one => one.Throttled))),
    ];

    /// <summary>The time up to which the calls of a credential are known: while one of its destinations is being served, that is the older of the latest cursors.</summary>
    public static DateTimeOffset KnownUntil(IReadOnlyCollection<BacklogSummary> backlogs, bool isSending, DateTimeOffset now)
    {
        if (!isSending) return now;
        var moved = backlogs.Where(backlog => backlog.MovedAt > now - Silence).Min(backlog => backlog.MovedAt);
        return moved is { } known && known < now ? known : now;
    }

    /// <summary>The largest number of calls that the limits permit in one second.</summary>
    public static int MostPerSecond(IReadOnlyList<RateWindow> limits) =>
        limits.Min(window => window.Permits * (int)Math.Ceiling(1 / Math.Min(1, window.Period.TotalSeconds)));
}
