using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.RateLimiting;

namespace ClockifyFunctions.Api;

/// <summary>
/// Reads the data that the pages show about all destinations and credentials. A reading costs one listing each of backlogs, destinations and
/// quarantine, and one read per gate. All requests within one second share one reading.
/// </summary>
internal sealed class Overview(Backlogs backlogs, DestinationStore destinations, QuarantineStore quarantine, GateKeeper keeper, CredentialStore credentials, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Reading? _latest;

    public async Task<Reading> ReadAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            if (_latest is { } latest && time.GetElapsedTime(latest.ReadAt) < Fresh) return latest;
            var readAt = time.GetTimestamp();
            var (listed, stored, counts) = (backlogs.ListAsync(null, cancel), destinations.AllAsync(cancel), quarantine.CountAllAsync(cancel));
            var known = await credentials.GetAsync(CredentialStore.ForPages, cancel);
            var gates = known.All.Values.Select(async credential => (credential.Name, Status: await keeper.StatusAsync(credential, cancel))).ToArray();
            await Task.WhenAll([listed, stored, counts, .. gates]);
            return _latest = new Reading(
                readAt, time.GetUtcNow(), known, await stored, await listed, await counts,
                gates.ToDictionary(gate => gate.Result.Name, gate => gate.Result.Status, StringComparer.Ordinal));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes the next request read again. Call it after this process has changed data that the pages show.</summary>
    public void Forget() => _latest = null;

    public void Dispose() => _turn.Dispose();

    /// <param name="ReadAt">A timestamp of the monotonic clock.</param>
    /// <param name="Quarantined">Entries in quarantine by destination.</param>
    /// <param name="Gates">The status of each gate, by credential.</param>
    internal sealed record Reading(
        long ReadAt, DateTimeOffset Now, CredentialSet Credentials, IReadOnlyList<StoredDestination> Destinations, IReadOnlyList<BacklogSummary> Backlogs,
        IReadOnlyDictionary<string, QuarantineCount> Quarantined, IReadOnlyDictionary<string, GateStatus> Gates)
    {
        private readonly Dictionary<(string, string), BacklogSummary> _backlogs = Backlogs.ToDictionary(backlog => (backlog.Credential, backlog.Destination));

        public BacklogSummary? BacklogOf(StoredDestination stored) => _backlogs.GetValueOrDefault((stored.Config.Credential!, stored.Id));

        public IReadOnlyList<BacklogSummary> BacklogsOf(string credential) => [.. Backlogs.Where(backlog => backlog.Credential == credential)];
    }
}
