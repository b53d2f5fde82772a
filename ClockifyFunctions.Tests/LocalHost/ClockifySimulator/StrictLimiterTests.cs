using ClockifyFunctions.LocalHost.ClockifySimulator;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class StrictLimiterTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Ten_pass_and_the_eleventh_of_a_second_is_refused_until_exactly_one_second_after_the_first()
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
    public void The_window_slides_instead_of_starting_afresh_each_second()
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
    public void Refused_requests_prolong_the_wait_where_they_count()
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
    public void A_request_must_pass_all_windows()
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
    public void No_window_means_no_limit()
    {
        var limiter = Limiter(refusedCount: true);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(limiter.Admit(time.GetTimestamp())));
    }

    private StrictLimiter Limiter(bool refusedCount, params RateWindow[] windows) =>
        new(windows, refusedCount, time.TimestampFrequency);
}
