using ClockifyFunctions.Delivery;

namespace ClockifyFunctions.Tests.Delivery;

public class TargetOrderTests
{
    private readonly TargetOrder _order = new();

    [Fact]
    public void CallsToOneTargetFollowEachOtherAndOthersDoNotWait()
    {
        var (first, second, third, other) = (_order.Enter(1), _order.Enter(1), _order.Enter(1), _order.Enter(2));
        Assert.Equal([true, false, false, true], new[] { first, second, third, other }.Select(turn => turn.Before.IsCompleted));
        first.Dispose();
        Assert.Equal([true, false], new[] { second, third }.Select(turn => turn.Before.IsCompleted));
        second.Dispose();
        Assert.True(third.Before.IsCompleted);
        third.Dispose();
        Assert.True(_order.Enter(1).Before.IsCompleted);
    }

    [Fact]
    public void ACallWithoutATargetDoesNotWait()
    {
        var (first, second) = (_order.Enter(null), _order.Enter(null));
        Assert.True(first.Before.IsCompleted && second.Before.IsCompleted);
        first.Dispose();
    }
}
