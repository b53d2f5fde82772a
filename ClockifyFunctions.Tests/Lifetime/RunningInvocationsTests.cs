using ClockifyFunctions.Lifetime;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Lifetime;

public class RunningInvocationsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RunningInvocations _running;

    public RunningInvocationsTests() => _running = new RunningInvocations(_time, NullLogger<RunningInvocations>.Instance);

    [Fact]
    public void AProcessWithoutInvocationsStopsImmediately() => Assert.True(_running.StopAsync(CancellationToken.None).IsCompletedSuccessfully);

    [Fact]
    public async Task AStopWaitsForRunningInvocationsAndTheSendingOfTheirResults()
    {
        TaskCompletionSource first = new(), second = new();
        Task[] invocations = [Invoke(first.Task), Invoke(second.Task)];
        var stop = _running.StopAsync(CancellationToken.None);
        first.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => invocations[0]);
        Assert.False(stop.IsCompleted);

        second.SetResult();
        await invocations[1];
        await Eventually.DoneAsync("the stop ends", stop, _time);
        Assert.True(stop.IsCompletedSuccessfully);
        Assert.NotEqual(_time.Start, _time.GetUtcNow());
    }

    [Fact]
    public async Task AnInvocationThatDoesNotEndDelaysTheStopNoLongerThanTheHostWaits()
    {
        using var limit = new CancellationTokenSource();
        _ = Invoke(new TaskCompletionSource().Task);
        var stop = _running.StopAsync(limit.Token);
        Assert.False(stop.IsCompleted);
        await limit.CancelAsync();
        await stop;
    }

    private Task Invoke(Task invocation) => _running.Invoke(null!, _ => invocation);
}
