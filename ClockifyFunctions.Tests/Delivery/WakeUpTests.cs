using ClockifyFunctions.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Delivery;

public class WakeUpTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly WakeUp _wakeUp = new();

    [Fact]
    public async Task ACallIsKeptUntilSomebodyWaitsAndCountsOnce()
    {
        _wakeUp.Call();
        _wakeUp.Call();
        Assert.True(await _wakeUp.WaitAsync(Most, _time, CancellationToken.None));
        var second = _wakeUp.WaitAsync(Most, _time, CancellationToken.None);
        _time.Advance(Most);
        Assert.False(await second);
    }

    [Fact]
    public async Task ACallEndsAWait()
    {
        var waiting = _wakeUp.WaitAsync(Most, _time, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _wakeUp.Call();
        Assert.True(await waiting);
    }

    [Fact]
    public async Task AStopEndsAWaitWithoutAnException()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _wakeUp.WaitAsync(Most, _time, stop.Token);
        await stop.CancelAsync();
        Assert.False(await waiting);
    }
}
