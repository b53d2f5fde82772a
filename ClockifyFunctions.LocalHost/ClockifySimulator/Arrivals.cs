namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Takes the timestamp of each request, applies the limits and adds the request to the ledger under one lock, so that the ledger has the order of the limiter.</summary>
internal sealed class Arrivals(SimulatorOptions options, TimeProvider time, Ledger ledger)
{
    private readonly Lock mutex = new();
    private readonly Dictionary<string, KeyLimiter> limiters = new(StringComparer.Ordinal);

    public LedgerCall Record(string key, bool isAddonToken, string method, string path)
    {
        lock (mutex)
        {
            // Take the timestamp inside the lock. Otherwise the limiter could process two requests in another order than their timestamps.
            var timestamp = time.GetTimestamp();
            return ledger.Add(timestamp, key, method, path, Admit(key, isAddonToken, timestamp));
        }
    }

    private bool Admit(string key, bool isAddonToken, long timestamp)
    {
        if (key.Length == 0)
            return true;

        if (!limiters.TryGetValue(key, out var limiter))
        {
            var windows = isAddonToken ? options.AddonWindows : options.KeyWindows;
            limiter = new KeyLimiter(windows, options.RefusedRequestsCount, time.TimestampFrequency);
            limiters.Add(key, limiter);
        }

        return limiter.Admit(timestamp);
    }
}
