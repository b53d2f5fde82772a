using System.Globalization;
using ClockifyFunctions.RateLimiting;

namespace ClockifyFunctions.Tests.RateLimiting;

/// <summary>Gates in the memory of one process. The rules of leases are those of the blob service.</summary>
internal sealed class InMemoryGateStore(TimeProvider time) : IGateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _gates = new(StringComparer.Ordinal);

    public Task<StoredGate?> AcquireAsync(string gate, string leaseId, TimeSpan duration, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(gate, out var entry)) _gates[gate] = entry = new Entry(Now) { Entries = new Dictionary<string, string> { [GateKeeper.StateEntry] = PacerState.Fresh.Format() } };
            if (entry.LeaseId is not null && Now < entry.EndsAt && (entry.LeaseId != leaseId || entry.IsBreaking)) return Task.FromResult<StoredGate?>(null);
            (entry.LeaseId, entry.Duration, entry.EndsAt, entry.IsBreaking) = (leaseId, duration, Now + duration, false);
            return Task.FromResult<StoredGate?>(View(entry));
        }
    }

    public Task<LeaseStatus> RenewAsync(string gate, string leaseId, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(gate, out var entry) || entry.LeaseId != leaseId) return Task.FromResult(LeaseStatus.Lost);
            if (entry.IsBreaking) return Task.FromResult(Now < entry.EndsAt ? LeaseStatus.Breaking : LeaseStatus.Lost);
            entry.EndsAt = Now + entry.Duration;
            return Task.FromResult(LeaseStatus.Ours);
        }
    }

    public Task<bool> WriteAsync(string gate, string leaseId, IReadOnlyDictionary<string, string> entries, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(gate, out var entry) || entry.LeaseId != leaseId || Now >= entry.EndsAt) return Task.FromResult(false);
            Write(entry, entries);
            return Task.FromResult(true);
        }
    }

    public Task ReleaseAsync(string gate, string leaseId, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_gates.TryGetValue(gate, out var entry) && entry.LeaseId == leaseId) entry.LeaseId = null;
            return Task.CompletedTask;
        }
    }

    public Task BreakAsync(string gate, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_gates.TryGetValue(gate, out var entry) && entry.LeaseId is not null) entry.IsBreaking = true;
            return Task.CompletedTask;
        }
    }

    public Task<StoredGate?> ReadAsync(string gate, CancellationToken cancel)
    {
        lock (_lock) return Task.FromResult(_gates.TryGetValue(gate, out var entry) ? View(entry) : null);
    }

    public Task<bool> WriteFreeAsync(string gate, StoredGate read, IReadOnlyDictionary<string, string> entries, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(gate, out var entry) || (entry.LeaseId is not null && Now < entry.EndsAt) || View(entry).Version != read.Version) return Task.FromResult(false);
            Write(entry, entries);
            return Task.FromResult(true);
        }
    }

    private TimeSpan Now => time.GetElapsedTime(0);

    private StoredGate View(Entry entry) => new(entry.Entries, Now - entry.WrittenAt, entry.Version.ToString(CultureInfo.InvariantCulture));

    private void Write(Entry entry, IReadOnlyDictionary<string, string> entries) =>
        (entry.Entries, entry.WrittenAt, entry.Version) = (new Dictionary<string, string>(entries), Now, entry.Version + 1);

    private sealed class Entry(TimeSpan writtenAt)
    {
        public required IReadOnlyDictionary<string, string> Entries { get; set; }

        public TimeSpan WrittenAt { get; set; } = writtenAt;

        public int Version { get; set; }

        public string? LeaseId { get; set; }

        public TimeSpan Duration { get; set; }

        public TimeSpan EndsAt { get; set; }

        public bool IsBreaking { get; set; }
    }
}
