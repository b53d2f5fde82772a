using ClockifyFunctions.LocalHost.ClockifySimulator;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class KeyLimiterTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void TheEleventhCallIsRefusedUntilExactlyOneSecondAfterTheFirst()
    {
        var limiter = Limiter(refusedCount: false, RateWindow.PerSecond(10));
        for (var i = 0; i < 10; i++)
            Assert.True(limiter.Admit(time.GetTimestamp()));

        time.Advance(TimeSpan.FromMilliseconds(999.9));
        Assert.False(limiter.Admit(time.GetTimestamp()));

        time.Advance(TimeSpan.FromMilliseconds(0.1));
        Assert.True(limiter.Admit(time.GetTimestamp()));
    }

    [Fact]
    public void TheWindowSlidesInsteadOfStartingAgainEachSecond()
    {
        var limiter = Limiter(refusedCount: false, RateWindow.PerSecond(2));
        Assert.True(limiter.Admit(time.GetTimestamp()));
        time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.True(limiter.Admit(time.GetTimestamp()));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(limiter.Admit(time.GetTimestamp()));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.False(limiter.Admit(time.GetTimestamp()));
    }

    [Fact]
    public void RefusedRequestsProlongTheWaitIfTheyCount()
    {
        var limiter = Limiter(refusedCount: true, RateWindow.PerSecond(1));
        Assert.True(limiter.Admit(time.GetTimestamp()));
        time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.False(limiter.Admit(time.GetTimestamp()));
        time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.False(limiter.Admit(time.GetTimestamp()));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limiter.Admit(time.GetTimestamp()));
    }

    [Fact]
    public void ARequestMustBeWithinAllWindows()
    {
        var limiter = Limiter(refusedCount: false, RateWindow.PerSecond(10), RateWindow.PerHour(3));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(limiter.Admit(time.GetTimestamp()));
            time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.False(limiter.Admit(time.GetTimestamp()));
        time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(limiter.Admit(time.GetTimestamp()));
    }

    [Fact]
    public void NoWindowMeansNoLimit()
    {
        var limiter = Limiter(refusedCount: true);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(limiter.Admit(time.GetTimestamp())));
    }

    [Fact]
    public void TwoBurstsAreAllowedAtTheBorderOfFixedWindows()
    {
        var limiter = Limiter(refusedCount: false, new RateWindow(3, TimeSpan.FromSeconds(1), WindowKind.Fixed));
        AlignToWindow();
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(3, Burst(limiter, 5));

        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(3, Burst(limiter, 5));
    }

    [Fact]
    public void ABucketAllowsABurstAndThenItsRate()
    {
        var limiter = Limiter(refusedCount: false, new RateWindow(10, TimeSpan.FromSeconds(1), WindowKind.Bucket));
        Assert.Equal(10, Burst(limiter, 20));

        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(0, Burst(limiter, 1));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Burst(limiter, 2));
        time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(2, Burst(limiter, 5));
        // Half a token was left, and refills to a whole one.
        time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, Burst(limiter, 5));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Burst(limiter, 20));
    }

    [Fact]
    public void RefusedRequestsEmptyABucketIfTheyCount()
    {
        var limiter = Limiter(refusedCount: true, new RateWindow(2, TimeSpan.FromSeconds(1), WindowKind.Bucket));
        Assert.Equal(2, Burst(limiter, 5));
        time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(0, Burst(limiter, 1));
        time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(0, Burst(limiter, 1));
        time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, Burst(limiter, 1));
    }

    [Fact]
    public void AListOfWindowsIsReadWithTheirKinds()
    {
        Assert.Equal(
            [RateWindow.PerSecond(10), new RateWindow(30, TimeSpan.FromHours(1), WindowKind.Fixed), new RateWindow(5, TimeSpan.FromSeconds(2), WindowKind.Bucket)],
            RateWindow.ParseList("10/00:00:01; 30/01:00:00/fixed;5/00:00:02/bucket"));
        Assert.Empty(RateWindow.ParseList("none")!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("0/00:00:01")]
    [InlineData("-1/00:00:01")]
    [InlineData("10/00:00:00")]
    [InlineData("10/soon")]
    [InlineData("10/00:00:01/leaky")]
    [InlineData("10/00:00:01;")]
    public void AnInvalidListOfWindowsIsNotRead(string text) => Assert.Null(RateWindow.ParseList(text));

    private int Burst(KeyLimiter limiter, int requests) =>
        Enumerable.Range(0, requests).Count(_ => limiter.Admit(time.GetTimestamp()));

    private void AlignToWindow()
    {
        var into = time.GetTimestamp() % time.TimestampFrequency;
        time.Advance(TimeSpan.FromTicks((time.TimestampFrequency - into) * TimeSpan.TicksPerSecond / time.TimestampFrequency));
    }

    private KeyLimiter Limiter(bool refusedCount, params RateWindow[] windows) =>
        new(windows, refusedCount, time.TimestampFrequency);
}
