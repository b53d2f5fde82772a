using ClockifyFunctions.Backlog;

namespace ClockifyFunctions.Tests.Backlog;

public class CallHistoryTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void TheTextContainsEverySecondWithItsThrottledCalls()
    {
        var history = CallHistory.None.With(Start, throttled: false).With(Start.AddSeconds(3), throttled: true).With(Start, throttled: false);
        Assert.Equal("1700000000;2,,,1.1", history.Format());
        Assert.Equal(history, CallHistory.Parse(history.Format()));
        Assert.Equal(CallHistory.None, CallHistory.Parse(CallHistory.None.Format()));
    }

    [Fact]
    public void CallsOlderThanTwoMinutesAreDropped()
    {
        var history = CallHistory.None.With(Start, throttled: false).With(Start.AddSeconds(CallHistory.Span), throttled: false);
        Assert.Equal(Start.AddSeconds(CallHistory.Span).ToUnixTimeSeconds(), Assert.Single(history.Seconds).At);
        Assert.Same(history, history.With(Start, throttled: false));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x;1")]
    [InlineData("1;x")]
    [InlineData("1;1.x")]
    [InlineData("1;1;1")]
    public void ATextOfAnotherVersionGivesAnEmptyHistory(string? text) => Assert.Equal(CallHistory.None, CallHistory.Parse(text));

    [Fact]
    public void TwoMinutesAtTwoThousandCallsASecondFitIntoTheMetadataOfABlob()
    {
        var history = CallHistory.Parse($"1700000000;{string.Join(',', Enumerable.Repeat("2000.2000", CallHistory.Span))}");
        Assert.Equal(CallHistory.Span, history.Seconds.Length);
        Assert.InRange(history.Format().Length, 1, 2000);
    }
}
