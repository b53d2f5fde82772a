using Azure;
using ClockifyFunctions.RateLimiting;

namespace ClockifyFunctions.Tests.RateLimiting;

/// <summary>A gate store that can be made unavailable.</summary>
internal sealed class FaultyGateStore(IGateStore store) : IGateStore
{
    public bool IsDown { get; set; }

    /// <summary>The exception of all operations while the store is unavailable.</summary>
    public Exception Error { get; set; } = new RequestFailedException(503, "storage is unavailable");

    /// <summary>Whether renewals never complete.</summary>
    public bool Hangs { get; set; }

    public Task<StoredGate?> AcquireAsync(string gate, string leaseId, TimeSpan duration, CancellationToken cancel) => Up().AcquireAsync(gate, leaseId, duration, cancel);

    public async Task<LeaseStatus> RenewAsync(string gate, string leaseId, CancellationToken cancel)
    {
        if (Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        return await Up().RenewAsync(gate, leaseId, cancel);
    }

    public Task<bool> WriteAsync(string gate, string leaseId, IReadOnlyDictionary<string, string> entries, CancellationToken cancel) => Up().WriteAsync(gate, leaseId, entries, cancel);

    public Task ReleaseAsync(string gate, string leaseId, CancellationToken cancel) => Up().ReleaseAsync(gate, leaseId, cancel);

    public Task BreakAsync(string gate, CancellationToken cancel) => Up().BreakAsync(gate, cancel);

    public Task<StoredGate?> ReadAsync(string gate, CancellationToken cancel) => Up().ReadAsync(gate, cancel);

    public Task<bool> WriteFreeAsync(string gate, StoredGate read, IReadOnlyDictionary<string, string> entries, CancellationToken cancel) => Up().WriteFreeAsync(gate, read, entries, cancel);

    private IGateStore Up() => IsDown ? throw Error : store;
}
