using System.Collections.Concurrent;

namespace ClockifyFunctions.Telemetry;

/// <summary>
/// The recent values of a gauge. Each process reports the values that it measures. Values expire, so that an old value of one process
/// does not contradict a newer value of another process.
/// </summary>
internal sealed class RecentValues(TimeProvider time)
{
    /// <summary>How long a value is reported: three sweeps with the default schedule.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, (double Value, long At)> _values = new(StringComparer.Ordinal);

    public void Set(string key, double value) => _values[key] = (value, time.GetTimestamp());

    public IEnumerable<KeyValuePair<string, double>> Recent()
    {
        foreach (var (key, (value, at)) in _values)
        {
            if (time.GetElapsedTime(at) < Lifetime) yield return new(key, value);
            else _values.TryRemove(new(key, (value, at)));
        }
    }
}
