using ClockifyFunctions.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Delivery;

public class SignalTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly Signal _signal;

    public SignalTests() => _signal = new Signal(_time);

    [Fact]
    public async Task ASignalIsKeptUntilTheNextWaitAndCountsOnce()
    {
        _signal.Set();
        _signal.Set();
        Assert.True(await _signal.WaitAsync(Most, CancellationToken.None));
        var second = _signal.WaitAsync(Most, CancellationToken.None);
        _time.Advance(Most);
        Assert.False(await second);
    }

    [Fact]
    public async Task ASignalEndsAWait()
    {
        var waiting = _signal.WaitAsync(Most, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _signal.Set();
        Assert.True(await waiting);
    }

    [Fact]
    public async Task AStopEndsAWaitWithoutAnException()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _signal.WaitAsync(Most, stop.Token);
        await stop.CancelAsync();
        Assert.False(await waiting);
    }
}
