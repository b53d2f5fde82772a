namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>One key's limits: an arrival must pass all of them. Not thread safe; <see cref="Arrivals"/> holds the lock.</summary>
internal sealed class KeyLimiter(IReadOnlyList<RateWindow> windows, bool refusedCount, long frequency)
{
    private readonly Counter[] counters = [.. windows.Select(window => CounterOf(window, frequency))];

    public bool Admit(long timestamp)
    {
        var admitted = Array.TrueForAll(counters, counter => counter.HasRoom(timestamp));
        if (admitted || refusedCount)
        {
            foreach (var counter in counters)
                counter.Count(timestamp);
        }

        return admitted;
    }

    private static Counter CounterOf(RateWindow window, long frequency)
    {
        var length = RateWindow.InTimestampUnits(window.Length, frequency);
        return window.Kind switch
        {
            WindowKind.Fixed => new FixedWindow(window.Permits, length),
            WindowKind.Bucket => new TokenBucket(window.Permits, length),
            _ => new SlidingWindow(window.Permits, length),
        };
    }

    private abstract class Counter
    {
        public abstract bool HasRoom(long timestamp);

        public abstract void Count(long timestamp);
    }

    /// <summary>Keeps the last N arrivals. A new arrival exceeds the limit if the N-th arrival before it is within the window.</summary>
    private sealed class SlidingWindow(int permits, long length) : Counter
    {
        private readonly long[] ring = new long[permits];
        private long counted;

        public override bool HasRoom(long timestamp) =>
            counted < ring.Length || timestamp - ring[counted % ring.Length] >= length;

        public override void Count(long timestamp) => ring[counted++ % ring.Length] = timestamp;
    }

    private sealed class FixedWindow(int permits, long length) : Counter
    {
        private long window = -1;
        private int counted;

        public override bool HasRoom(long timestamp) => timestamp / length != window || counted < permits;

        public override void Count(long timestamp)
        {
            if (timestamp / length != window)
                (window, counted) = (timestamp / length, 0);
            counted++;
        }
    }

    /// <summary>One token is <c>length</c> units, and each unit of time adds N units, so that no rounding error adds up.</summary>
    private sealed class TokenBucket(int permits, long length) : Counter
    {
        private long level = permits * length;
        private long filledAt;

        public override bool HasRoom(long timestamp)
        {
            var elapsed = Math.Min(timestamp - filledAt, length);
            level = Math.Min(permits * length, level + (elapsed * permits));
            filledAt = timestamp;
            return level >= length;
        }

        public override void Count(long timestamp) => level = Math.Max(0, level - length);
    }
}
