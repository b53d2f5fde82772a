using ClockifyFunctions.Api;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Tests.Api;

/// <summary>Compares the shown rates with a ledger of calls, on simulated time.</summary>
public class CallRatesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 8, 0, 0, 250, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 10, 0)] // Full rate, no pauses.
    [InlineData(2, 10, 7)] // With pauses, so that cursor writes and calls are not aligned.
    [InlineData(3, 3, 2)]
    [InlineData(4, 1, 60)]
    public void AShownRateIsNeverAboveTheSentRate(int seed, int perSecond, int longestPauseSeconds)
    {
        var random = new Random(seed);
        var ledger = Ledger(random, perSecond, longestPauseSeconds);
        // A call is counted when its response arrives, up to two seconds later, so calls are counted out of order.
        var counted = ledger.Select(sentAt => (SentAt: sentAt, At: sentAt + TimeSpan.FromSeconds(2 * random.NextDouble()))).OrderBy(call => call.At).ToArray();
        var most = MostInAnySecond(ledger);
        for (var now = Start; now < ledger[^1] + TimeSpan.FromSeconds(30); now += TimeSpan.FromSeconds(1))
        {
            // The cursor is written every five seconds.
            var cursorAt = Start + TimeSpan.FromSeconds(5 * Math.Floor((now - Start).TotalSeconds / 5));
            var shown = Stored(counted.Where(call => call.At <= cursorAt).Aggregate(CallHistory.None, (history, call) => history.With(call.SentAt, throttled: false)));
            Assert.InRange(CallRates.PerSecond([shown], now), 0, most);
            Assert.All(CallRates.Points([shown], now - TimeSpan.FromSeconds(CallHistory.Span)), point => Assert.InRange(point.Calls, 1, SentIn(ledger, point.At)));
        }
    }

    [Fact]
    public void AfterTheLastCursorWriteEverySecondShowsTheExactNumberOfCalls()
    {
        var ledger = Ledger(new Random(5), 10, 3).Where(sentAt => sentAt < Start + TimeSpan.FromSeconds(100)).ToArray();
        var history = Stored(ledger.Reverse().Aggregate(CallHistory.None, (history, sentAt) => history.With(sentAt, throttled: false)));
        var points = CallRates.Points([history], Start - TimeSpan.FromMinutes(1));
        Assert.Equal(ledger.Length, points.Sum(point => point.Calls));
        Assert.All(points, point => Assert.Equal(SentIn(ledger, point.At), point.Calls));
    }

    [Fact]
    public void TheCallsOfACredentialAreTheSumOfItsDestinations()
    {
        var first = CallHistory.None.With(Start, throttled: false).With(Start, throttled: true);
        var second = CallHistory.None.With(Start, throttled: false).With(Start.AddSeconds(2), throttled: false);
        Assert.Equal([(3, 1L), (1, 0L)], CallRates.Points([first, second], Start.AddMinutes(-1)).Select(point => (point.Calls, (long)point.Responses429)));
        Assert.Equal(4 / 5.0, CallRates.PerSecond([first, second], Start.AddSeconds(3)));
    }

    [Fact]
    public void AStoppedDrainHasNoRate() => Assert.Equal(0, CallRates.PerSecond([CallHistory.None.With(Start, throttled: false)], Start.AddSeconds(20)));

    [Fact]
    public void CallsAreKnownUpToTheCursorOfARunningDrainOtherwiseUpToNow()
    {
        var backlog = new BacklogSummary("key", "destination", Cursor.AtStart, null, Start.AddSeconds(-4), 0, LogPosition.Start);
        Assert.Equal(Start.AddSeconds(-4), CallRates.KnownUntil([backlog, backlog with { MovedAt = Start.AddHours(-1) }], isSending: true, Start));
        Assert.Equal(Start, CallRates.KnownUntil([backlog], isSending: false, Start));
        Assert.Equal(Start, CallRates.KnownUntil([backlog with { MovedAt = null }], isSending: true, Start));
    }

    [Theory]
    [InlineData("10/00:00:01", 10)]
    [InlineData("10/00:00:01;30/01:00:00", 10)]
    [InlineData("30/01:00:00", 30)]
    [InlineData("2/00:00:00.5", 4)]
    public void TheLimitLineIsTheMaximumOfOneSecond(string limits, int most)
    {
        Assert.True(RateWindow.TryParseList(limits, out var windows));
        Assert.Equal(most, CallRates.MostPerSecond(windows));
    }

    /// <summary>The history as it is read from the metadata of the cursor.</summary>
    private static CallHistory Stored(CallHistory history) => Cursor.FromMetadata(new Cursor(LogPosition.Start, 0, 0) { RecentCalls = history }.ToMetadata()).RecentCalls;

    private static DateTimeOffset[] Ledger(Random random, int perSecond, int longestPauseSeconds)
    {
        var (ledger, now) = (new List<DateTimeOffset>(), Start);
        while (ledger.Count < 300)
        {
            ledger.Add(now);
            // Never more than the limit in any second, with occasional pauses.
            now += TimeSpan.FromSeconds((1.0 / perSecond) + (random.Next(20) == 0 ? longestPauseSeconds * random.NextDouble() : 0));
        }

        return [.. ledger];
    }

    private static int MostInAnySecond(DateTimeOffset[] ledger) => ledger.Max(first => ledger.Count(sentAt => sentAt >= first && sentAt < first.AddSeconds(1)));

    private static int SentIn(DateTimeOffset[] ledger, DateTimeOffset second) => ledger.Count(sentAt => sentAt >= second && sentAt < second.AddSeconds(1));
}
