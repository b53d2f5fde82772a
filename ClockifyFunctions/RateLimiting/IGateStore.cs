namespace ClockifyFunctions.RateLimiting;

/// <summary>
/// Where gates are kept: per gate a lease and a few lines of text. <see cref="BlobGateStore"/> is for many machines,
/// <see cref="InMemoryGateStore"/> for one process and for tests; one contract suite holds both to the same behaviour.
/// </summary>
/// <remarks>An operation that throws leaves open whether it took effect: the lease may still be ours, and runs on.</remarks>
internal interface IGateStore
{
    /// <summary>Takes the lease for <paramref name="duration"/> (15 to 60 s), making the gate if it is new; null while somebody else holds it.</summary>
    Task<StoredGate?> AcquireAsync(string gate, string leaseId, TimeSpan duration, CancellationToken cancel);

    Task<LeaseStatus> RenewAsync(string gate, string leaseId, CancellationToken cancel);

    /// <summary>Replaces the gate's entries under the lease; false when the lease is no longer ours: a late writer changes nothing.</summary>
    Task<bool> WriteAsync(string gate, string leaseId, IReadOnlyDictionary<string, string> entries, CancellationToken cancel);

    /// <summary>Opens the gate. Without effect when the lease is no longer ours.</summary>
    Task ReleaseAsync(string gate, string leaseId, CancellationToken cancel);

    /// <summary>Asks the holder to leave: its lease can no longer be renewed and ends when it would have ended. Writing and releasing still work for it.</summary>
    Task BreakAsync(string gate, CancellationToken cancel);

    /// <summary>The entries, whoever holds the gate; null when it was never used.</summary>
    Task<StoredGate?> ReadAsync(string gate, CancellationToken cancel);

    /// <summary>Replaces the entries of a gate that nobody holds; false when somebody does, or was faster.</summary>
    Task<bool> WriteFreeAsync(string gate, StoredGate read, IReadOnlyDictionary<string, string> entries, CancellationToken cancel);
}

/// <param name="Entries">Names in lower case.</param>
/// <param name="Elapsed">A lower bound of the time since they were written, by the store's own clock.</param>
/// <param name="Version">Names this state of the gate.</param>
internal sealed record StoredGate(IReadOnlyDictionary<string, string> Entries, TimeSpan Elapsed, string Version);

internal enum LeaseStatus
{
    /// <summary>Renewed for its full duration.</summary>
    Ours,

    /// <summary>Somebody knocked: it runs to its end and cannot be renewed.</summary>
    Breaking,

    /// <summary>Ended, and perhaps somebody else's.</summary>
    Lost,
}
