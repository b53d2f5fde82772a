using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>
/// A clock on which simulated days take seconds. It moves only while <see cref="RunUntilAsync"/> is awaited: from timer to timer, and only
/// while no code runs, so code that is ready to run is never late.
/// </summary>
/// <remarks>
/// "No code runs" means that the thread pool is idle. All work between two timers runs there, because the harness has no sockets, files
/// or processes. A test that keeps the thread pool busy therefore delays the clock, but does not make it wrong.
/// Each reading moves the clock by a microsecond, so a loop that waits for less than the resolution of a timer ends.
/// </remarks>
internal sealed class VirtualClock : TimeProvider
{
    private const long TicksPerReading = TimeSpan.TicksPerMicrosecond;

    /// <summary>The simulated time for which a condition that is not met is not evaluated again, because many conditions read storage.</summary>
    private const long EvaluationInterval = 10 * TimeSpan.TicksPerMillisecond;

    /// <summary>The longest real time that code may run between two timers. It is much longer than any regular step, and ends tests in which code never stops running.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<(VirtualTimer Timer, int Version), (long Due, long Order)> _due = new();
    private readonly DateTimeOffset _start = new(2026, 7, 10, 8, 0, 0, TimeSpan.Zero);
    private readonly int _allWorkers;
    private long _elapsed = TimeSpan.TicksPerDay; // Code that stores "never" as timestamp 0 must treat it as long ago.
    private long _order;

    public VirtualClock() => ThreadPool.GetMaxThreads(out _allWorkers, out _);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Add(ref _elapsed, TicksPerReading);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state, ExecutionContext.Capture());
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock until <paramref name="condition"/> is true. The condition is evaluated while no code runs: at most once in ten
    /// milliseconds, and before each longer step.
    /// </summary>
    /// <param name="what">Text for the failure message.</param>
    /// <param name="within">Maximum simulated time. The test fails afterwards.</param>
    public Task RunUntilAsync(string what, Func<bool> condition, TimeSpan within) => OnOwnThreadAsync(() =>
    {
        if (!TryRunUntil(what, condition, within)) throw new TimeoutException($"Not within {within} of simulated time: {what}.");
    });

    /// <summary>Moves the clock by <paramref name="time"/>.</summary>
    public Task RunForAsync(TimeSpan time) => OnOwnThreadAsync(() => TryRunUntil($"{time} pass", static () => false, time));

    /// <summary>Uses its own thread, because a thread of the pool would keep the pool busy.</summary>
    private static Task OnOwnThreadAsync(Action run)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                run();
                done.SetResult();
            }
            catch (Exception failed)
            {
                done.SetException(failed);
            }
        })
        { IsBackground = true, Name = nameof(VirtualClock) }.Start();
        return done.Task;
    }

    private bool TryRunUntil(string what, Func<bool> condition, TimeSpan within)
    {
        var until = Interlocked.Read(ref _elapsed) + within.Ticks;
        var nextEvaluation = 0L;
        while (true)
        {
            WaitUntilNothingRuns(what);
            if (NextDue() is var due && (due >= nextEvaluation || due > until))
            {
                if (condition()) return true;
                nextEvaluation = Interlocked.Read(ref _elapsed) + EvaluationInterval;
            }

            if (!TryTakeNext(until, out var timer)) return false;
            timer.Fire();
        }
    }

    private void WaitUntilNothingRuns(string what)
    {
        var (spin, started) = (new SpinWait(), Stopwatch.GetTimestamp());
        while (!IsIdle())
        {
            spin.SpinOnce(sleep1Threshold: 200);
            if (Stopwatch.GetElapsedTime(started) <= Patience) continue;
            ThreadPool.GetAvailableThreads(out var available, out _);
            throw new TimeoutException(
                $"Code has run for {Patience} of real time while the test waits for: {what}. The clock stands at {_start.AddTicks(_elapsed):O}; {_allWorkers - available} thread pool workers are busy, {ThreadPool.PendingWorkItemCount} work items wait.");
        }
    }

    private bool IsIdle()
    {
        ThreadPool.GetAvailableThreads(out var available, out _);
        return available == _allWorkers && ThreadPool.PendingWorkItemCount == 0;
    }

    /// <summary>When the next timer is due; <see cref="long.MaxValue"/> without timers.</summary>
    private long NextDue()
    {
        lock (_lock)
        {
            while (_due.TryPeek(out var next, out var at))
            {
                if (next.Timer.Version == next.Version) return at.Due;
                _due.Dequeue();
            }

            return long.MaxValue;
        }
    }

    /// <summary>Moves the clock to the next timer that is due at or before <paramref name="until"/>, otherwise to <paramref name="until"/>.</summary>
    private bool TryTakeNext(long until, [NotNullWhen(true)] out VirtualTimer? timer)
    {
        lock (_lock)
        {
            var due = NextDue();
            MoveTo(Math.Min(due, until));
            timer = due <= until ? _due.Dequeue().Timer : null;
            return timer is not null;
        }
    }

    private void MoveTo(long elapsed)
    {
        for (var now = Interlocked.Read(ref _elapsed); now < elapsed; now = Interlocked.Read(ref _elapsed))
            Interlocked.CompareExchange(ref _elapsed, elapsed, now);
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, ExecutionContext? context) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Number of changes. An entry of the queue with an older version is invalid.</summary>
        public int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Version++;
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan) clock._due.Enqueue((this, Version), (clock._elapsed + dueTime.Ticks, clock._order++));
                return true;
            }
        }

        public void Fire()
        {
            lock (clock._lock)
            {
                Version++;
                if (_period > TimeSpan.Zero) clock._due.Enqueue((this, Version), (clock._elapsed + _period.Ticks, clock._order++));
            }

            if (context is null) callback(state);
            else ExecutionContext.Run(context, static self => ((VirtualTimer)self!).Call(), this);
        }

        public void Dispose()
        {
            lock (clock._lock) Version++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Call() => callback(state);
    }
}
