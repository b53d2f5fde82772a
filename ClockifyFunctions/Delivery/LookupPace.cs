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
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _places;

    public LookupPace(IReadOnlyList<RateWindow> limits, TimeProvider time)
    {
        var shortest = limits.MinBy(static window => window.Period);
        (_period, _time, _places) = (shortest.Period, time, new SemaphoreSlim(Math.Max(1, shortest.Permits / 2)));
    }

    /// <summary>Returns when a lookup may ask for its permit.</summary>
    public async Task<Place> EnterAsync(CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        return new Place(this);
    }

    private async Task LeaveAsync(bool hasPermit)
    {
        if (hasPermit) await Task.Delay(_period, _time);
        _places.Release();
    }

    /// <summary>One lookup's place among those of a window. Dispose it when the call is made or given up.</summary>
    internal sealed class Place(LookupPace pace) : IDisposable
    {
        private bool _hasLeft;

        /// <summary>The lookup has its permit: the place is free again when the window is over.</summary>
        public void TookPermit() => Leave(hasPermit: true);

        public void Dispose() => Leave(hasPermit: false);

        private void Leave(bool hasPermit)
        {
            if (_hasLeft) return;
            _hasLeft = true;
            _ = pace.LeaveAsync(hasPermit);
        }
    }
}
