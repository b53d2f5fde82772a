using System.Collections.Concurrent;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.References;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>What all destinations of one drain share.</summary>
internal sealed class DrainScope : IAsyncDisposable
{
    /// <summary>Calls in flight per drain: the more there are, the more are in doubt after a crash.</summary>
    private const int MostCalls = 50;

    /// <summary>A record that has begun its calls may go on for half as long again as the drain may begin records.</summary>
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

    /// <summary>What is known of Clockify's lists.</summary>
    public required Lists Lists { get; init; }

    public required Lookups Lookups { get; init; }

    public required LookupPace LookupPace { get; init; }

    /// <summary>Destinations whose links were read since the gate was acquired.</summary>
    public HashSet<string> OpenLinks { get; } = new(StringComparer.Ordinal);

    public required Random Random { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>When the gate was acquired: calls of earlier holders were given up by then.</summary>
    public DateTimeOffset Entered { get; }

    public TargetOrder Order { get; } = new();

    public SemaphoreSlim Slots { get; } = new(MostCalls);

    /// <summary>Set when a record has made progress, or when records have come.</summary>
    public Signal Changed { get; }

    /// <summary>Fires when no further record may begin its calls.</summary>
    public CancellationToken Begin => _begin.Token;

    /// <summary>Fires when a record that has begun waits no longer. A call in flight is still answered.</summary>
    public CancellationToken GoOn => _goOn.Token;

    /// <summary>Fires when the drain waits for the broker no longer.</summary>
    public CancellationToken GiveUp => _giveUp.Token;

    /// <summary>A lane was opened, whose journal tells what its records made.</summary>
    public void Opened(Journal journal)
    {
        if (!_journals.Contains(journal)) _journals.Add(journal);
    }

    /// <summary>Takes a Clockify object for the one that a record made; false if another record of the credential made it.</summary>
    public bool TryClaim(Journal journal, string entityId, string record) =>
        !_journals.Any(other => other != journal && other.Memory.Knows(entityId)) && journal.Memory.TryClaim(entityId, record);

    /// <summary>What the journals say of the creation of an object that records name; null: nothing, or that it has ended.</summary>
    public RecordState? Find(string creation) => _journals.Select(journal => journal.Memory.Find(creation)?.State).FirstOrDefault(static state => state is { Stage: Stage.Started });

    /// <summary>This process ingested records for the credential.</summary>
    public void RecordsCame()
    {
        Interlocked.Exchange(ref _recordsCame, 1);
        Changed.Set();
    }

    /// <summary>Whether that happened since the last question.</summary>
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
