using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Records every request that arrives. Tests and benchmarks evaluate it, so it shares no code with the limiter or the app.</summary>
/// <param name="frequency"><see cref="TimeProvider.TimestampFrequency"/> of the recorded timestamps.</param>
internal sealed class Ledger(long frequency)
{
    private readonly Lock mutex = new();
    private readonly List<LedgerCall> calls = [];
    private readonly Dictionary<string, List<LedgerCall>> byKey = new(StringComparer.Ordinal);
    private readonly List<CreatedTimeEntry> created = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> awaited = [];

    // Most calls of a run share a few paths; one string each keeps 100,000 calls small.
    private readonly Dictionary<string, string> paths = new(StringComparer.Ordinal);

    /// <summary>A copy, in order of arrival.</summary>
    public IReadOnlyList<LedgerCall> Calls
    {
        get
        {
            lock (mutex)
                return [.. calls];
        }
    }

    /// <summary>A copy, in order of creation.</summary>
    public IReadOnlyList<CreatedTimeEntry> CreatedTimeEntries
    {
        get
        {
            lock (mutex)
                return [.. created];
        }
    }

    public int Responses429 => Count(c => c.Status == 429);

    public IReadOnlyList<string> KeyFingerprints
    {
        get
        {
            lock (mutex)
                return [.. byKey.Keys];
        }
    }

    public static string Fingerprint(string key) =>
        key.Length == 0 ? "none" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)), 0, 4);

    public LedgerCall Add(long timestamp, string key, string method, string path, bool accepted)
    {
        var fingerprint = Fingerprint(key);
        lock (mutex)
        {
            ref var shared = ref CollectionsMarshal.GetValueRefOrAddDefault(paths, path, out _);
            shared ??= path;
            ref var ofKey = ref CollectionsMarshal.GetValueRefOrAddDefault(byKey, fingerprint, out _);
            ofKey ??= [];
            var call = new LedgerCall(timestamp, fingerprint, method, shared, accepted);
            ofKey.Add(call);
            calls.Add(call);
            return call;
        }
    }

    public void Add(CreatedTimeEntry entry)
    {
        TaskCompletionSource[] reached;
        lock (mutex)
        {
            created.Add(entry);
            reached = [.. awaited.Where(a => a.Count <= created.Count).Select(a => a.Reached)];
            awaited.RemoveAll(a => a.Count <= created.Count);
        }

        foreach (var source in reached)
            source.TrySetResult();
    }

    /// <summary>Completes when this number of time entries has been created. Tests then inject a fault.</summary>
    public Task WhenCreatedAsync(int count, CancellationToken cancellationToken)
    {
        lock (mutex)
        {
            if (created.Count >= count)
                return Task.CompletedTask;

            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            awaited.Add((count, source));
            return source.Task.WaitAsync(cancellationToken);
        }
    }

    public int Count(Func<LedgerCall, bool> predicate)
    {
        lock (mutex)
            return calls.Count(predicate);
    }

    public IReadOnlyList<LedgerCall> CallsOf(string key)
    {
        lock (mutex)
            return byKey.TryGetValue(Fingerprint(key), out var found) ? [.. found] : [];
    }

    /// <summary>
    /// How many arrivals of the key, refused ones included, were the (permits+1)th or later within the window that ends
    /// with them. The window is half open: exactly one length apart is not within it. 0 means the limit was kept.
    /// </summary>
    public int WindowsAboveLimit(string key, int permits, TimeSpan window) =>
        WindowsAboveLimit(CallsOf(key), permits, window);

    /// <summary>
    /// Accepted calls after the first, as a share of what the limit allows between first and last arrival. Evenly paced
    /// at the limit gives 1. A run of few windows can exceed 1 when it opens and closes with a burst. 0 below two calls.
    /// </summary>
    public double Utilisation(string key, int permits, TimeSpan window)
    {
        var found = CallsOf(key);
        if (found.Count < 2)
            return 0;

        var span = (double)(found[^1].Timestamp - found[0].Timestamp);
        var accepted = found.Count(c => c.Accepted);
        return span == 0 ? 0 : (accepted - 1) * InUnits(window) / (permits * span);
    }

    /// <summary>Per fingerprint; for the control surface.</summary>
    public IReadOnlyList<KeySummary> Summarise(int permits, TimeSpan window)
    {
        lock (mutex)
        {
            return
            [
                .. byKey.Select(pair => new KeySummary(
                    pair.Key,
                    pair.Value.Count,
                    pair.Value.Count(c => c.IsLookup),
                    pair.Value.Count(c => c.EffectApplied),
                    pair.Value.Count(c => c.Status == 429),
                    WindowsAboveLimit(pair.Value, permits, window),
                    created.Count(e => e.Key == pair.Key))),
            ];
        }
    }

    private int WindowsAboveLimit(IReadOnlyList<LedgerCall> found, int permits, TimeSpan window)
    {
        var length = InUnits(window);
        var above = 0;
        for (var i = permits; i < found.Count; i++)
        {
            if (found[i].Timestamp - found[i - permits].Timestamp < length)
                above++;
        }

        return above;
    }

    private long InUnits(TimeSpan window) => RateWindow.InTimestampUnits(window, frequency);
}
