using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// Leaves at least half of a credential's permits to records: lists that a destination has to read first do not stop the other destinations. Looks at
/// the shortest window only, because over a long one a record cannot be sent before its lookups.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A SemaphoreSlim holds nothing to dispose of while its wait handle is not used.")]
internal sealed class LookupPace
{
    private readonly TimeSpan _period;
    private readonly int _most;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>When the lookups of the last period were let go.</summary>
    private readonly Queue<long> _recent = new();

    public LookupPace(IReadOnlyList<RateWindow> limits, TimeProvider time)
    {
        var shortest = limits.MinBy(static window => window.Period);
        (_period, _most, _time) = (shortest.Period, Math.Max(1, shortest.Permits / 2), time);
    }

    /// <summary>Returns when the next lookup may ask for its permit.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            while (_recent.TryPeek(out var oldest))
            {
                var left = _period - _time.GetElapsedTime(oldest);
                if (left <= TimeSpan.Zero) _recent.Dequeue();
                else if (_recent.Count < _most) break;
                else await Task.Delay(left, _time, stop);
            }

            _recent.Enqueue(_time.GetTimestamp());
        }
        finally
        {
            _turn.Release();
        }
    }
}
