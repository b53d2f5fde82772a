namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>What really arrived at the API, for tests, demo and benchmarks to judge by.</summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly List<CreatedEntry> _created = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _awaited = [];

    /// <param name="At">Monotonic.</param>
    internal readonly record struct Arrival(TimeSpan At, string Key, string Method, string Path, bool Throttled);

    internal readonly record struct CreatedEntry(string Id, string Key, string Description, string? Start);

    public IReadOnlyList<Arrival> Arrivals
    {
        get { lock (_lock) return [.. _arrivals]; }
    }

    public IReadOnlyList<CreatedEntry> Created
    {
        get { lock (_lock) return [.. _created]; }
    }

    public int CreatedCount
    {
        get { lock (_lock) return _created.Count; }
    }

    public int Responses429
    {
        get { lock (_lock) return _arrivals.Count(arrival => arrival.Throttled); }
    }

    public void Add(Arrival arrival)
    {
        lock (_lock) _arrivals.Add(arrival);
    }

    public void Add(CreatedEntry entry)
    {
        TaskCompletionSource[] reached;
        lock (_lock)
        {
            _created.Add(entry);
            reached = [.. _awaited.Where(awaited => awaited.Count <= _created.Count).Select(awaited => awaited.Reached)];
            _awaited.RemoveAll(awaited => awaited.Count <= _created.Count);
        }

        foreach (var source in reached) source.TrySetResult();
    }

    /// <summary>Completes as soon as so many entries have been created.</summary>
    public Task WhenCreatedAsync(int count, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_created.Count >= count) return Task.CompletedTask;
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((count, source));
            return source.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Arrivals that were one too many in the window of exactly <paramref name="period"/> that they end.</summary>
    public int WindowsAboveLimit(int permits, TimeSpan period)
    {
        var above = 0;
        foreach (var key in Arrivals.GroupBy(arrival => arrival.Key))
        {
            var times = key.Select(arrival => arrival.At).ToArray();
            for (var index = permits; index < times.Length; index++)
                if (times[index] - times[index - permits] < period) above++;
        }

        return above;
    }

    /// <summary>Calls per second from the first to the last arrival.</summary>
    public double CallsPerSecond()
    {
        var arrivals = Arrivals;
        return arrivals.Count < 2 ? 0 : (arrivals.Count - 1) / (arrivals[^1].At - arrivals[0].At).TotalSeconds;
    }
}
