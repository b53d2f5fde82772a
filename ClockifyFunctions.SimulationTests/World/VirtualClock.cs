using System.Diagnostics.CodeAnalysis;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>
/// A clock on which simulated days take seconds. It moves only while <see cref="RunUntilAsync"/> or <see cref="RunForAsync"/> is awaited:
/// from timer to timer, and only while no other code can run, so code that is ready to run is never late.
/// </summary>
/// <remarks>
/// The thread pool of this project has one thread, and the code of a test and of the app runs only there: a <see cref="TestWorld"/> has no
/// sockets and no processes, and .NET reads and writes files in the thread pool. While this class runs, no other code runs, and if no work item waits in
/// the pool, all code waits for the clock. Therefore a test needs no locks, and its code runs in the same order each time. Code that blocks the thread would stop the run for ever.
/// Each reading moves the clock by a microsecond, so a loop that waits for less than the resolution of a timer ends.
/// </remarks>
internal sealed class VirtualClock : TimeProvider
{
    private const long TicksPerReading = TimeSpan.TicksPerMicrosecond;

    /// <summary>The simulated time for which a condition that is not met is not evaluated again, because many conditions read storage.</summary>
    private const long EvaluationInterval = 10 * TimeSpan.TicksPerMillisecond;

    /// <summary>How often other code may run between two timers. It is much more than any regular step needs, and ends tests in which code never waits for the clock.</summary>
    private const int MaximumTurns = 50_000_000;

    private readonly PriorityQueue<(VirtualTimer Timer, int Version), (long Due, long Order)> _due = new();
    private readonly DateTimeOffset _start = new(2026, 7, 10, 8, 0, 0, TimeSpan.Zero);
    private long _elapsed = TimeSpan.TicksPerDay; // Code that stores "never" as timestamp 0 must treat it as long ago.
    private long _order;

    public VirtualClock()
    {
        ThreadPool.GetMaxThreads(out var threads, out _);
        if (threads != 1) throw new InvalidOperationException($"The thread pool has {threads} threads instead of one. The project file sets ThreadPoolMaxThreads.");
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed += TicksPerReading;

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state, ExecutionContext.Capture());
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock until <paramref name="condition"/> is true. The condition is evaluated while no other code can run: at most once in ten
    /// milliseconds, and before each longer step.
    /// </summary>
    /// <param name="what">Text for the failure message.</param>
    /// <param name="within">Maximum simulated time. The test fails afterwards.</param>
    public async Task RunUntilAsync(string what, Func<bool> condition, TimeSpan within)
    {
        if (!await TryRunUntilAsync(what, condition, within)) throw new TimeoutException($"Not within {within} of simulated time: {what}.");
    }

    /// <summary>Moves the clock by <paramref name="time"/>.</summary>
    public Task RunForAsync(TimeSpan time) => TryRunUntilAsync($"{time} pass", static () => false, time);

    private async Task<bool> TryRunUntilAsync(string what, Func<bool> condition, TimeSpan within)
    {
        var until = _elapsed + within.Ticks;
        var nextEvaluation = 0L;
        while (true)
        {
            await RunOtherCodeAsync(what);
            if (NextDue() is var due && (due >= nextEvaluation || due > until))
            {
                if (condition()) return true;
                nextEvaluation = _elapsed + EvaluationInterval;
            }

            if (!TryTakeNext(until, out var timer)) return false;
            timer.Fire();
        }
    }

    /// <summary>Gives the thread to the other work items until none is left.</summary>
    private async Task RunOtherCodeAsync(string what)
    {
        for (var turn = 0; turn == 0 || ThreadPool.PendingWorkItemCount > 0; turn++)
        {
            if (turn == MaximumTurns) throw new TimeoutException($"Code runs without waiting for the clock while the test waits for: {what}. The clock stands at {_start.AddTicks(_elapsed):O}.");
            await Task.Yield();
        }
    }

    /// <summary>When the next timer is due; <see cref="long.MaxValue"/> without timers.</summary>
    private long NextDue()
    {
        while (_due.TryPeek(out var next, out var at))
        {
            if (next.Timer.Version == next.Version) return at.Due;
            _due.Dequeue();
        }

        return long.MaxValue;
    }

    /// <summary>Moves the clock to the next timer that is due at or before <paramref name="until"/>, otherwise to <paramref name="until"/>.</summary>
    private bool TryTakeNext(long until, [NotNullWhen(true)] out VirtualTimer? timer)
    {
        var due = NextDue();
        _elapsed = Math.Max(_elapsed, Math.Min(due, until));
        timer = due <= until ? _due.Dequeue().Timer : null;
        return timer is not null;
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, ExecutionContext? context) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Number of changes. An entry of the queue with an older version is invalid.</summary>
        public int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Version++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan) clock._due.Enqueue((this, Version), (clock._elapsed + dueTime.Ticks, clock._order++));
            return true;
        }

        public void Fire()
        {
            Version++;
            if (_period > TimeSpan.Zero) clock._due.Enqueue((this, Version), (clock._elapsed + _period.Ticks, clock._order++));
            if (context is null) callback(state);
            else ExecutionContext.Run(context, static self => ((VirtualTimer)self!).Call(), this);
        }

        public void Dispose() => Version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Call() => callback(state);
    }
}
