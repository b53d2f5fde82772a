namespace ClockifyFunctions.RateLimiting;

/// <summary>
/// The store of gates. Each gate has a lease and a few text entries. <see cref="BlobGateStore"/> implements it for the app. The tests have an
/// implementation in memory, and the same contract tests run against both.
/// </summary>
/// <remarks>After an operation that throws, it is unknown whether it took effect.</remarks>
internal interface IGateStore
{
    /// <summary>Acquires the lease for <paramref name="duration"/> (15 to 60 s), and creates the gate if it does not exist.</summary>
    /// <returns>Null while another process holds the lease.</returns>
    Task<StoredGate?> AcquireAsync(string gate, string leaseId, TimeSpan duration, CancellationToken cancel);

    Task<LeaseStatus> RenewAsync(string gate, string leaseId, CancellationToken cancel);

    /// <summary>Replaces the entries of the gate under the lease.</summary>
    /// <returns>False when this process no longer holds the lease; then nothing is written.</returns>
    Task<bool> WriteAsync(string gate, string leaseId, IReadOnlyDictionary<string, string> entries, CancellationToken cancel);

    /// <summary>Releases the lease. Without effect when this process no longer holds it.</summary>
    Task ReleaseAsync(string gate, string leaseId, CancellationToken cancel);

    /// <summary>Breaks the lease: it can no longer be renewed and ends when it would have ended. Until then its holder can write and release it.</summary>
    Task BreakAsync(string gate, CancellationToken cancel);

    /// <summary>Reads the entries without the lease.</summary>
    /// <returns>Null when the gate does not exist.</returns>
    Task<StoredGate?> ReadAsync(string gate, CancellationToken cancel);

    /// <summary>Replaces the entries of a gate that no process holds.</summary>
    /// <returns>False when a process holds the gate, or has changed it since it was read.</returns>
    Task<bool> WriteFreeAsync(string gate, StoredGate read, IReadOnlyDictionary<string, string> entries, CancellationToken cancel);
}

/// <param name="Entries">Names in lower case.</param>
/// <param name="Elapsed">A lower bound of the time since the entries were written, by the clock of the store.</param>
/// <param name="Version">Changes with each write.</param>
internal sealed record StoredGate(IReadOnlyDictionary<string, string> Entries, TimeSpan Elapsed, string Version);

internal enum LeaseStatus
{
    /// <summary>The lease was renewed for its full duration.</summary>
    Ours,

    /// <summary>Another process broke the lease. It runs to its end and cannot be renewed.</summary>
    Breaking,

    /// <summary>The lease has ended. Another process may hold it now.</summary>
    Lost,
}
