namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Times, judges and records each arrival in one step, so that the ledger is in the order the limiter saw.</summary>
internal sealed class Arrivals(SimulatorOptions options, TimeProvider time, Ledger ledger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, KeyLimiter> limiters = new(StringComparer.Ordinal);

    public LedgerCall Record(string key, bool isAddonToken, string method, string path)
    {
        lock (gate)
        {
            // Inside the lock: two arrivals must not swap between being timed and being judged.
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
