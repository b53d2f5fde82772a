using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Api;

/// <summary>
/// Calls over time, as far as somebody looks. Whoever sends is usually another process, which counts its calls in the cursor it writes
/// every few seconds anyway; here successive cursors are compared. So it costs one listing per look, a second apart at least and however
/// many destinations are looked at, nothing while nobody looks, and is some seconds behind.
/// </summary>
internal sealed class CallRates(Backlogs backlogs, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1), Kept = TimeSpan.FromHours(1), Silent = TimeSpan.FromSeconds(15), CursorInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string Credential, string Destination), List<Sample>> _samples = [];
    private readonly SemaphoreSlim _turn = new(1);
    private DateTimeOffset _lookedAt;
    private IReadOnlyList<BacklogSummary> _listed = [];

    /// <summary>A destination's backlog as of that look; null if it never had one.</summary>
    public async Task<BacklogSummary?> BacklogAsync(string credential, string destination, CancellationToken cancel)
    {
        await LookAsync(cancel);
        return _listed.FirstOrDefault(backlog => backlog.Credential == credential && backlog.Destination == destination);
    }

    /// <summary>Calls per second of a credential, or of one of its destinations, as of the latest cursors.</summary>
    public async Task<double> NowAsync(string credential, string? destination, CancellationToken cancel)
    {
        await LookAsync(cancel);
        lock (_samples)
            return Math.Round(Of(credential, destination).Sum(entry => entry.Value is [.., var before, var last] && time.GetUtcNow() - last.At < Silent ? PerSecond(before, last) : 0), 2);
    }

    /// <summary>Calls of a credential that were answered with 429, since its destinations were made.</summary>
    public async Task<long> ThrottledAsync(string credential, CancellationToken cancel)
    {
        await LookAsync(cancel);
        lock (_samples) return Of(credential, null).Sum(entry => entry.Value[^1].Throttled);
    }

    /// <summary>By second; a second without a point had no calls.</summary>
    public async Task<IReadOnlyList<SeriesView>> SeriesAsync(TimeSpan span, CancellationToken cancel)
    {
        await LookAsync(cancel);
        var from = time.GetUtcNow() - span;
        lock (_samples)
            return [.. _samples.Select(entry => new SeriesView(entry.Key.Credential, entry.Key.Destination, [.. entry.Value.Zip(entry.Value.Skip(1)).SelectMany(pair => Points(pair.First, pair.Second)).Where(point => point.At >= from)]))];
    }

    public void Dispose() => _turn.Dispose();

    private IEnumerable<KeyValuePair<(string Credential, string Destination), List<Sample>>> Of(string credential, string? destination) =>
        _samples.Where(entry => entry.Key.Credential == credential && (destination is null || entry.Key.Destination == destination));

    /// <summary>The calls between two cursors, spread evenly; the refusals belong to the later one.</summary>
    private static IEnumerable<PointView> Points(Sample before, Sample last)
    {
        var seconds = Seconds(before, last);
        for (var second = 1; second <= seconds; second++)
            yield return new PointView(last.At.AddSeconds(second - seconds), Math.Round(PerSecond(before, last), 2), second == seconds ? last.Throttled - before.Throttled : 0);
    }

    private static double PerSecond(Sample before, Sample last) => (last.Calls - before.Calls) / (double)Seconds(before, last);

    private static int Seconds(Sample before, Sample last) => Math.Max(1, (int)(last.At - before.At).TotalSeconds);

    private async Task LookAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            if (now - _lookedAt < Fresh) return;
            var listed = await backlogs.ListAsync(null, cancel);
            _listed = listed;
            lock (_samples) foreach (var backlog in listed) Add(backlog, now, isFirstLook: _lookedAt == default);
            _lookedAt = now;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Add(BacklogSummary backlog, DateTimeOffset now, bool isFirstLook)
    {
        var key = (backlog.Credential, backlog.Destination);
        if (!_samples.TryGetValue(key, out var samples)) _samples[key] = samples = [];
        var sample = new Sample(backlog.MovedAt ?? now, backlog.Cursor.Calls, backlog.Cursor.Throttled);
        if (samples is [.., var last] && last.Calls == sample.Calls) return;
        // It was deleted and made again, and counts anew.
        if (samples is [.., var former] && former.Calls > sample.Calls) samples.Clear();
        if (samples.Count == 0 && !isFirstLook && sample.Calls > 0) samples.Add(new Sample(sample.At - CursorInterval, 0, 0)); // Its first calls ever.
        // The cursor is written while calls are made: before the first of them it had rested, for however long.
        if (samples is [.., var rested] && sample.At - rested.At > Silent) samples.Add(rested with { At = sample.At - CursorInterval });
        samples.Add(sample);
        samples.RemoveAll(old => old.At < now - Kept && old != sample);
    }

    private readonly record struct Sample(DateTimeOffset At, long Calls, long Throttled);
}
