using System.Collections.Concurrent;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>Tracks the running invocations, so that a stop can wait for them, and counts all invocations since the start.</summary>
internal sealed class RunningInvocations
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _running = new();
    private long _begun;

    public long Begun => Interlocked.Read(ref _begun);

    /// <summary>Registers an invocation. Dispose the result when the invocation has ended.</summary>
    public IDisposable Begin()
    {
        var number = Interlocked.Increment(ref _begun);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[number] = ended;
        return new Invocation(() =>
        {
            _running.TryRemove(number, out _);
            ended.TrySetResult();
        });
    }

    /// <summary>Completes when the invocations that run now have ended. It does not wait for invocations that begin later.</summary>
    public Task WhenTheseEnd() => Task.WhenAll(_running.Values.Select(ended => ended.Task));

    private sealed class Invocation(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
