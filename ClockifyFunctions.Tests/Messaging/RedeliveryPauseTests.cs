using ClockifyFunctions.Messaging;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Messaging;

public class RedeliveryPauseTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);

    [Fact]
    public async Task AFailureIsReportedAfterTenSecondsAndASuccessImmediately()
    {
        Assert.True(Invoke(Task.CompletedTask, CancellationToken.None).IsCompletedSuccessfully);
        var failed = Invoke(Task.FromException(new InvalidOperationException("storage is unavailable")), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(failed.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => failed);
    }

    [Fact]
    public async Task AStopOfTheProcessOrACancellationEndsThePause()
    {
        using var cancel = new CancellationTokenSource();
        var cancelled = Invoke(Task.FromException(new InvalidOperationException()), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => cancelled);

        var stopped = Invoke(Task.FromException(new InvalidOperationException()), CancellationToken.None);
        _lifetime.StopApplication();
        await Assert.ThrowsAsync<InvalidOperationException>(() => stopped);
    }

    private Task Invoke(Task invocation, CancellationToken cancel) => new RedeliveryPause(_time, _lifetime).DelayFailureAsync(() => invocation, cancel);
}
