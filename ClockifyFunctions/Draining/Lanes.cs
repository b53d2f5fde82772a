using ClockifyFunctions.Configuration;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Draining;

/// <summary>The lanes of one drain. Each destination with waiting records gets a turn, then the next one.</summary>
/// <param name="first">
/// The index of the lane that has the first turn. It differs between drains, because a drain with few permits can end before every lane had a turn.
/// </param>
internal sealed class Lanes(LaneFinder finder, Credential credential, DrainScope drain, int first) : IAsyncDisposable
{
    /// <summary>How often a drain lists the backlogs to find destinations with first records, and new segments. The listing costs as much as a write.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>The duration of the calls that one turn reads. Each turn costs one read and one append, so the turns of a single destination are longer.</summary>
    private static readonly TimeSpan TurnOfOne = TimeSpan.FromSeconds(4), TurnOfMany = TimeSpan.FromSeconds(1);

    /// <summary>The next turn is read this long before the last calls of the current turn are sent, so that no permit stays unused.</summary>
    private static readonly TimeSpan ReadAhead = TimeSpan.FromMilliseconds(300);

    /// <summary>How often an empty backlog is read for records that another process ingested.</summary>
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    private const int LargestTurn = 200;

    private readonly List<(Lane Lane, long ReadAt)> _lanes = [];
    private readonly Dictionary<string, LogPosition> _readTo = new(StringComparer.Ordinal);
    private int _next = first;
    private long? _lookedAt;

    /// <summary>Whether no lane has a record in progress.</summary>
    public bool IsIdle => _lanes.TrueForAll(static one => one.Lane.IsIdle);

    /// <summary>When the oldest batch that waits for more records is due; null if no batch waits.</summary>
    public DateTimeOffset? BatchDue => _lanes.Min(static one => one.Lane.BatchDue);

    /// <summary>The position up to which each destination was read.</summary>
    public IReadOnlyDictionary<string, LogPosition> ReadTo => _readTo;

    /// <summary>Gives a turn to each lane that has room for one.</summary>
    /// <returns>Whether any lane began records or read lines.</returns>
    public async Task<bool> BeginTurnsAsync(CancellationToken cancel)
    {
        var haveCome = drain.HaveRecordsCome();
        if (_lookedAt is not { } looked || drain.Time.GetElapsedTime(looked) >= LookInterval) await LookAsync(cancel);
        var any = await BeginTurnsAsync(haveCome, cancel);
        if (any || !haveCome || _lanes.Exists(static one => one.Lane.HasWaiting)) return any;
        // This process ingested records, and no lane has read them. They may be for a destination without a lane.
        await LookAsync(cancel);
        return await BeginTurnsAsync(haveCome, cancel);
    }

    private async Task<bool> BeginTurnsAsync(bool haveCome, CancellationToken cancel)
    {
        var (any, count) = (false, _lanes.Count);
        // Destinations whose configs came with messages share one turn. Otherwise a producer that sends many configs would delay the other destinations.
        var inlineHasTurn = _lanes.Exists(static one => one.Lane.Destination.IsInline && one.Lane.HasWaiting);
        for (var turn = 0; turn < count; turn++)
        {
            var index = (_next + turn) % count;
            var (lane, readAt) = _lanes[index];
            await lane.TendAsync(cancel);
            if (!await finder.IsStillAsync(lane.Destination, cancel)) lane.End();
            var size = lane.Room(CallsIn(count == 1 ? TurnOfOne : TurnOfMany), CallsIn(ReadAhead));
            if (size == 0 || (lane.WasEmpty && !haveCome && drain.Time.GetElapsedTime(readAt) < ReadInterval) || (lane.Destination.IsInline && inlineHasTurn)) continue;
            var begun = await lane.BeginTurnAsync(size, cancel);
            any |= begun;
            inlineHasTurn |= begun && lane.Destination.IsInline;
            _lanes[index] = (lane, drain.Time.GetTimestamp());
        }

        _next++;
        await CloseEndedAsync();
        return any;
    }

    /// <summary>Waits for the records in progress, and closes every lane even if another lane fails to close.</summary>
    public async ValueTask DisposeAsync()
    {
        while (!IsIdle) await drain.Changed.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        await Task.WhenAll(_lanes.Select(one => CloseAsync(one.Lane)));
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        _lookedAt = drain.Time.GetTimestamp();
        await drain.Lists.FlushAsync(isEnd: false, cancel);
        foreach (var waiting in await finder.WaitingAsync(credential, cancel))
        {
            if (_lanes.Find(one => one.Lane.Destination.Id == waiting.Destination.Id).Lane is { } lane) lane.Listed(waiting.Backlog);
            else if (!waiting.IsPaused) _lanes.Add((await finder.OpenAsync(waiting, drain), 0));
        }
    }

    /// <summary>Closes lanes that have ended. A later listing opens them again from their cursors.</summary>
    private async Task CloseEndedAsync()
    {
        foreach (var ended in _lanes.Where(static one => one.Lane is { IsEnding: true, IsIdle: true }).ToArray())
        {
            _lanes.Remove(ended);
            await CloseAsync(ended.Lane);
        }
    }

    private async Task CloseAsync(Lane lane)
    {
        _readTo[lane.Destination.Id] = lane.ReadTo;
        await lane.DisposeAsync();
    }

    private int CallsIn(TimeSpan part) => Math.Clamp((int)(credential.Limits.Min(window => window.PerSecond) * part.TotalSeconds), 1, LargestTurn);
}
