using System.Collections.Concurrent;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.References;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>The state that all destinations of one drain share.</summary>
internal sealed class DrainScope : IAsyncDisposable
{
    /// <summary>
    /// The maximum number of calls in flight per drain. After a crash, the outcome of every call in flight is unknown, so a higher limit leaves more
    /// unknown outcomes.
    /// </summary>
    private const int MostCalls = 50;

    /// <summary>A record that has begun its calls may continue for 1.5 times the time budget of the drain.</summary>
    private const double BegunLasts = 1.5;

    private readonly CancellationTokenSource _begin, _goOn, _budget, _longer, _giveUp;
    private readonly ConcurrentBag<Journal> _journals = [];
    private int _recordsCame;

    public DrainScope(Gate gate, KeyCheck keyCheck, TimeSpan budget, TimeProvider time, CancellationToken stopping)
    {
        (Gate, KeyCheck, Time, Changed, Entered) = (gate, keyCheck, time, new Signal(time), time.GetUtcNow());
        _budget = new CancellationTokenSource(budget, time);
        _longer = new CancellationTokenSource(budget * BegunLasts, time);
        _giveUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _begin = CancellationTokenSource.CreateLinkedTokenSource([gate.Lost, gate.YieldRequested, gate.Exhausted, gate.Suspended, _budget.Token, stopping]);
        _goOn = CancellationTokenSource.CreateLinkedTokenSource([gate.Lost, gate.YieldRequested, _longer.Token, stopping]);
    }

    public Gate Gate { get; }

    public KeyCheck KeyCheck { get; }

    public Verification Verification { get; } = new();

    public TimeProvider Time { get; }

    public required ClockifyClient Client { get; init; }

    public required QuarantineStore Quarantine { get; init; }

    public required Queues Queues { get; init; }

    /// <summary>The lists of Clockify's objects that this drain has read.</summary>
    public required Lists Lists { get; init; }

    public required Lookups Lookups { get; init; }

    public required LookupPace LookupPace { get; init; }

    /// <summary>Destinations whose links were read since the drain acquired the gate.</summary>
    public HashSet<string> OpenLinks { get; } = new(StringComparer.Ordinal);

    public required Random Random { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>The time at which the drain acquired the gate. Earlier holders of the gate had abandoned their calls by then.</summary>
    public DateTimeOffset Entered { get; }

    public TargetOrder Order { get; } = new();

    public SemaphoreSlim Slots { get; } = new(MostCalls);

    /// <summary>Set when a record makes progress, or when this process ingests records for the credential.</summary>
    public Signal Changed { get; }

    /// <summary>Fires when records that have not begun their calls may no longer begin them.</summary>
    public CancellationToken Begin => _begin.Token;

    /// <summary>Fires when records that have begun their calls must stop waiting. The drain still reads the answers of calls in flight.</summary>
    public CancellationToken GoOn => _goOn.Token;

    /// <summary>Fires when the drain stops waiting for the broker.</summary>
    public CancellationToken GiveUp => _giveUp.Token;

    /// <summary>Adds the journal of a lane. <see cref="TryClaim"/> and <see cref="Find"/> search all added journals.</summary>
    public void Opened(Journal journal)
    {
        if (!_journals.Contains(journal)) _journals.Add(journal);
    }

    /// <summary>Assigns a Clockify object to the record that created it. Returns false if another record of the credential created the object.</summary>
    public bool TryClaim(Journal journal, string entityId, string record) =>
        !_journals.Any(other => other != journal && other.Memory.Knows(entityId)) && journal.Memory.TryClaim(entityId, record);

    /// <summary>Finds the state of a creation of a referenced object in the journals. Returns null if no journal contains the creation, or if it has ended.</summary>
    public RecordState? Find(string creation) => _journals.Select(journal => journal.Memory.Find(creation)?.State).FirstOrDefault(static state => state is { Stage: Stage.Started });

    /// <summary>Notes that this process ingested records for the credential, and wakes the drain.</summary>
    public void RecordsCame()
    {
        Interlocked.Exchange(ref _recordsCame, 1);
        Changed.Set();
    }

    /// <summary>Whether this process ingested records for the credential since the previous call.</summary>
    public bool HaveRecordsCome() => Interlocked.Exchange(ref _recordsCame, 0) == 1;

    public Task StopBeginningAsync() => _begin.CancelAsync();

    public void GiveUpAfter(TimeSpan grace) => _giveUp.CancelAfter(grace);

    public async ValueTask DisposeAsync()
    {
        if (!Gate.Lost.IsCancellationRequested) await Lists.FlushAsync(isEnd: true, CancellationToken.None);
        foreach (var source in new[] { _begin, _goOn, _budget, _longer, _giveUp }) source.Dispose();
        Slots.Dispose();
    }
}
