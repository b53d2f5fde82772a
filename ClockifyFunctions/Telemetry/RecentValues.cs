using System.Collections.Concurrent;

namespace ClockifyFunctions.Telemetry;

/// <summary>
/// The latest values of a gauge, for as long as they can be believed. Whichever process learns a value reports it; a process that
/// learnt it long ago must not contradict the one that knows better.
/// </summary>
internal sealed class RecentValues(TimeProvider time)
{
    /// <summary>Three sweeps, as they are scheduled by default.</summary>
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
