using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public class LimiterAndLedgerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void TheEleventhInASecondIsRefusedAndAtExactlyASecondItIsNot()
    {
        var early = Filled();
        Assert.False(early.TryTake(TimeSpan.FromMilliseconds(999.9)));
        Assert.True(Filled().TryTake(Second));
    }

    [Fact]
    public void TheLedgerCountsArrivalsThatAreOneTooMany()
    {
        var ledger = new Ledger();
        for (var call = 0; call < 10; call++) ledger.Add(new Ledger.Arrival(TimeSpan.Zero, "k", "POST", "/", false));
        ledger.Add(new Ledger.Arrival(Second, "k", "POST", "/", false));
        Assert.Equal(0, ledger.WindowsAboveLimit(10, Second));
        ledger.Add(new Ledger.Arrival(Second - TimeSpan.FromTicks(1), "other", "POST", "/", false));
        Assert.Equal(0, ledger.WindowsAboveLimit(10, Second));
        var full = new Ledger();
        for (var call = 0; call < 11; call++) full.Add(new Ledger.Arrival(TimeSpan.FromMilliseconds(99.9 * call), "k", "POST", "/", false));
        Assert.Equal(1, full.WindowsAboveLimit(10, Second));
    }

    private static SlidingWindowLimiter Filled()
    {
        var limiter = new SlidingWindowLimiter(10, Second);
        for (var call = 0; call < 10; call++) Assert.True(limiter.TryTake(TimeSpan.FromMilliseconds(call)));
        return limiter;
    }
}
