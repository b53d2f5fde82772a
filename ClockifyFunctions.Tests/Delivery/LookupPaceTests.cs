using ClockifyFunctions.Configuration;
using ClockifyFunctions.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Delivery;

public sealed class LookupPaceTests
{
    [Theory]
    [InlineData("10/00:00:01", 5)]
    [InlineData("10/00:00:01;30/01:00:00", 5)]
    [InlineData("3/00:00:01", 1)]
    [InlineData("1/00:00:02", 1)]
    public async Task LookupsTakeAtMostHalfOfThePermitsOfTheShortestWindow(string limits, int most)
    {
        Assert.True(RateWindow.TryParseList(limits, out var windows));
        var time = new FakeTimeProvider();
        var pace = new LookupPace(windows, time);
        for (var lookup = 0; lookup < most; lookup++) (await pace.EnterAsync(TestContext.Current.CancellationToken)).TookPermit();
        var next = pace.EnterAsync(TestContext.Current.CancellationToken);
        time.Advance(windows.Min(window => window.Period) - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await next).Dispose();
    }

    [Fact]
    public async Task ALookupThatGotNoPermitLeavesItsPlaceToTheNextOne()
    {
        var pace = new LookupPace([new RateWindow(2, TimeSpan.FromSeconds(1))], new FakeTimeProvider());
        var first = await pace.EnterAsync(TestContext.Current.CancellationToken);
        var second = pace.EnterAsync(TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }
}
