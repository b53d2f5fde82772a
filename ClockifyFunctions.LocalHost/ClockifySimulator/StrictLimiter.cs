namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>
/// One key's limits. Each window remembers only its last N counted arrivals: a new one is one too many exactly when the
/// N-th before it is younger than the window. Not thread safe; <see cref="Arrivals"/> holds the lock.
/// </summary>
internal sealed class StrictLimiter(IReadOnlyList<RateWindow> windows, bool refusedCount, long frequency)
{
    private readonly Window[] rings = [.. windows.Select(w => new Window(w, frequency))];

    public bool Admit(long timestamp)
    {
        var admitted = Array.TrueForAll(rings, r => r.HasRoom(timestamp));
        if (admitted || refusedCount)
        {
            foreach (var ring in rings)
                ring.Count(timestamp);
        }

        return admitted;
    }

    private sealed class Window(RateWindow window, long frequency)
    {
        private readonly long length = RateWindow.InTimestampUnits(window.Length, frequency);
        private readonly long[] ring = new long[window.Permits];
        private long counted;

        public bool HasRoom(long timestamp) =>
            counted < ring.Length || timestamp - ring[counted % ring.Length] >= length;

        public void Count(long timestamp) => ring[counted++ % ring.Length] = timestamp;
    }
}
