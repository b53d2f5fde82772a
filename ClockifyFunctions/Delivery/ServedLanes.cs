using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Delivery;

/// <summary>The lanes of one drain, served in fair turns: each active destination with waiting records gets a turn, then the next one.</summary>
/// <param name="first">Which lane's turn is first: not always the same, or where permits are rare the others would get none.</param>
internal sealed class ServedLanes(LaneFinder finder, Credential credential, CallsInFlight.Drain inFlight, int first, TimeProvider time, CancellationToken lost) : IAsyncDisposable
{
    /// <summary>
    /// How often a drain looks for destinations that have got their first records meanwhile and for segments begun since. To look costs as
    /// much as to write; a ticket that comes when no lane has anything left makes it look sooner.
    /// </summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>How much is read, rendered and journaled at once. A turn costs a read and an append, so a destination that is alone has longer ones.</summary>
    private static readonly TimeSpan TurnOfOne = TimeSpan.FromSeconds(4), TurnOfMany = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long before its end the turn after is prepared, which takes a read and an append. The later, the more records have come, and the
    /// fewer turns there are; storage that is slower than this now and then costs a permit or two.
    /// </summary>
    private static readonly TimeSpan PreparedAhead = TimeSpan.FromMilliseconds(300);

    /// <summary>How often lanes that had nothing are read while another is held up.</summary>
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    private const int LargestTurn = 200;

    /// <summary>Then another drain tries a destination again whose host did not work, however much the others have.</summary>
    private static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(1);

    /// <summary>Replaced when one is added: calls in flight look at it.</summary>
    private Lane[] _lanes = [];
    private int _last = first, _lastInline = first;
    private long _lookedAt, _allReadAt;
    private bool _isChanged;

    /// <summary>What is left in the backlogs when no lane has anything to send; null if nothing is.</summary>
    public HeldBatches? Held => HeldBatches.Of(_lanes);

    public async Task LookAsync(CancellationToken cancel)
    {
        _lookedAt = time.GetTimestamp();
        foreach (var (destination, backlog) in await finder.WaitingAsync(credential, cancel))
        {
            if (Array.Find(_lanes, lane => lane.Destination.Id == destination.Id) is { } lane) lane.Listed(backlog);
            else _lanes = [.. _lanes, await finder.OpenLaneAsync(destination, backlog, inFlight.ForLane(), cancel)];
        }
    }

    /// <summary>Calls that one destination makes before the next one's turn.</summary>
    private int TurnSize => CallsIn(_lanes.Length == 1 ? TurnOfOne : TurnOfMany);

    /// <summary>Calls that are left of a turn when the next one is prepared.</summary>
    public int Ahead => CallsIn(PreparedAhead);

    /// <summary>Fewer than one in ten seconds, in the long run.</summary>
    public bool PermitsAreRare { get; } = credential.Limits.Min(window => window.PerSecond) < 0.1;

    /// <summary>Some lane has enough under way, and when it was last asked none had anything to send.</summary>
    public bool IsHeldUp { get; private set; }

    /// <summary>Records of some destination were left, because its host does not work.</summary>
    public bool HasStalled => Array.Exists(_lanes, lane => lane.IsStalled);

    /// <summary>A destination was changed, or has been stalled for long: what it has not sent yet is sent as things are now, by another drain.</summary>
    public bool IsOutdated => _isChanged || Array.Exists(_lanes, static lane => lane.StalledFor >= LongestStall);

    /// <summary>The next lane's turn; empty when no lane has anything to send, or more than enough under way.</summary>
    public async Task<Lane.Turn> NextTurnAsync(CancellationToken cancel)
    {
        if (time.GetElapsedTime(_lookedAt) >= LookInterval) await LookAsync(cancel);
        // While one is held up it is asked more often than those that had nothing.
        var asksAll = !IsHeldUp || time.GetElapsedTime(_allReadAt) >= ReadInterval;
        if (asksAll) _allReadAt = time.GetTimestamp();
        IsHeldUp = false;
        foreach (var lane in InTurn())
        {
            if (lane.IsStalled || (lane.WasEmpty && !asksAll)) continue;
            var destination = await finder.ActiveAsync(lane.Destination.Id, cancel);
            lane.IsPaused = destination is null;
            if (destination is null) continue;
            if (destination != lane.Destination)
            {
                _isChanged = true;
                break;
            }

            var size = lane.Load.MayTake(TurnSize, isAlone: !Array.Exists(_lanes, other => other != lane && other.MayBegin && !other.WasEmpty));
            IsHeldUp |= size == 0;
            if (size == 0) continue;
            var turn = await lane.NextTurnAsync(size, cancel);
            if (turn.IsEmpty) continue;
            IsHeldUp = false;
            return turn;
        }

        return new Lane.Turn([], []);
    }

    /// <summary>
    /// The lanes in the order of their turns. Those whose configs came with messages share one turn: otherwise a producer could take the
    /// turns of the stored destinations by sending many configs.
    /// </summary>
    private IEnumerable<Lane> InTurn()
    {
        var (stored, inline) = (Array.FindAll(_lanes, lane => !lane.Destination.IsInline), Array.FindAll(_lanes, lane => lane.Destination.IsInline));
        var turns = stored.Length + Math.Min(inline.Length, 1);
        for (var tried = 0; tried < turns; tried++)
        {
            _last = (_last + 1) % turns;
            if (_last < stored.Length) yield return stored[_last];
            else
                for (var one = 0; one < inline.Length; one++) yield return inline[_lastInline = (_lastInline + 1) % inline.Length];
        }
    }

    /// <summary>Takes a Clockify object for the one that a record made; false when another record of the key made it.</summary>
    public bool TryClaim(PendingRecord record, string entityId) =>
        !Array.Exists(_lanes, lane => lane != record.Lane && lane.Journal.Knows(entityId)) && record.Lane.Journal.TryClaim(entityId, record.Record.Key);

    private int CallsIn(TimeSpan part) => Math.Clamp((int)(credential.Limits.Min(window => window.PerSecond) * part.TotalSeconds), 1, LargestTurn);

    public async ValueTask DisposeAsync()
    {
        // Each writes down what it knows, whatever befalls another.
        await Task.WhenAll(_lanes.Select(lane => lane.CloseAsync(lost)));
    }
}
