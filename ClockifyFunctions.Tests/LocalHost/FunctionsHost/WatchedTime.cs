using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>A clock that the test advances. It reports when code starts to wait for a given time.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero))
{
    private readonly ConcurrentDictionary<TimeSpan, TimerCount> _counts = new();

    /// <summary>Completes when this many timers of this duration have been started. Advance the clock only afterwards; otherwise the timers would miss the advance.</summary>
    public Task WhenAwaited(TimeSpan length, int times = 1) => CountOf(length).WhenReached(times).WaitAsync(TestContext.Current.CancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        CountOf(dueTime).Increment();
        return timer;
    }

    private TimerCount CountOf(TimeSpan length) => _counts.GetOrAdd(length, _ => new TimerCount());

    private sealed class TimerCount
    {
        private readonly Lock _lock = new();
        private readonly List<(int Times, TaskCompletionSource Reached)> _waiters = [];
        private int _count;

        public void Increment()
        {
            lock (_lock)
            {
                _count++;
                foreach (var waiter in _waiters)
                    if (waiter.Times <= _count) waiter.Reached.TrySetResult();
            }
        }

        public Task WhenReached(int times)
        {
            lock (_lock)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_count >= times) reached.SetResult();
                _waiters.Add((times, reached));
                return reached.Task;
            }
        }
    }
}
