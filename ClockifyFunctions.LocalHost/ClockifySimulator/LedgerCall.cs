namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>One request that reached the simulator. Its outcome is filled in before the answer leaves.</summary>
internal sealed class LedgerCall(long timestamp, string key, string method, string path, bool accepted)
{
    private static readonly string[] Searches = ["/invoices/info", "/time-off/requests", "/users/info"];

    /// <summary>Monotonic, in units of the simulator's <see cref="TimeProvider"/>.</summary>
    public long Timestamp { get; } = timestamp;

    /// <summary>Fingerprint, never the key.</summary>
    public string Key { get; } = key;

    public string Method { get; } = method;

    public string Path { get; } = path;

    /// <summary>False when the limiter refused it. A scripted 429 is accepted by the limiter and has status 429.</summary>
    public bool Accepted { get; } = accepted;

    /// <summary>Whether it reads: a GET, or a search that goes by POST.</summary>
    public bool IsLookup => Method == "GET" || (Method == "POST" && Searches.Any(search => Path.EndsWith(search, StringComparison.Ordinal)));

    /// <summary>Null unless <see cref="SimulatorOptions.KeepBodies"/>.</summary>
    public string? Body { get; set; }

    /// <summary>0 while in progress, and for a dropped connection.</summary>
    public int Status { get; set; }

    /// <summary>Whether the call changed state, independent of its response.</summary>
    public bool EffectApplied { get; set; }

    public string? CreatedId { get; set; }
}
