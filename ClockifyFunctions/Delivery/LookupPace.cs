using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// Limits lookups to half of a credential's permits in its shortest rate window. The other permits stay available for records, so the lists that one
/// destination has to read do not stop the other destinations. Longer windows are not limited, because a record cannot be sent before its lookups.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A SemaphoreSlim holds nothing to dispose of while its wait handle is not used.")]
internal sealed class LookupPace
{
    private readonly TimeSpan _period;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots;

    public LookupPace(IReadOnlyList<RateWindow> limits, TimeProvider time)
    {
        var shortest = limits.MinBy(static window => window.Period);
        (_period, _time, _slots) = (shortest.Period, time, new SemaphoreSlim(Math.Max(1, shortest.Permits / 2)));
    }

    /// <summary>Waits until a lookup may request a permit.</summary>
    public async Task<Slot> EnterAsync(CancellationToken stop)
    {
        await _slots.WaitAsync(stop);
        return new Slot(this);
    }

    private async Task LeaveAsync(bool hasPermit)
    {
        if (hasPermit) await Task.Delay(_period, _time);
        _slots.Release();
    }

    /// <summary>The right of one lookup to use a permit of a window. Dispose it after the call, or if no call is made.</summary>
    internal sealed class Slot(LookupPace pace) : IDisposable
    {
        private bool _hasLeft;

        /// <summary>Records that the lookup received its permit. The slot becomes free when the window ends.</summary>
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
