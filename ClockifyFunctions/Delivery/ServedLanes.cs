using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Delivery;

/// <summary>The lanes of one drain, served in fair turns: each active destination with waiting records gets a turn, then the next one.</summary>
internal sealed class ServedLanes(LaneFinder finder, Credential credential, TimeProvider time, CancellationToken lost) : IAsyncDisposable
{
    /// <summary>How often a drain looks for destinations that have got their first records meanwhile.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly List<Lane> _lanes = [];
    private int _last = -1;
    private long _lookedAt;

    /// <summary>What is left in the backlogs when no lane has anything to send; null if nothing is.</summary>
    public HeldBatches? Held => HeldBatches.Of(_lanes);

    public async Task LookAsync(CancellationToken cancel)
    {
        _lookedAt = time.GetTimestamp();
        foreach (var (destination, backlog) in await finder.WaitingAsync(credential, cancel))
            if (!_lanes.Any(lane => lane.Destination.Id == destination.Id)) _lanes.Add(await finder.OpenLaneAsync(destination, backlog, cancel));
    }

    /// <summary>The next lane's turn; empty when no lane has anything to send.</summary>
    public async Task<Lane.Turn> NextTurnAsync(int size, CancellationToken cancel)
    {
        if (time.GetElapsedTime(_lookedAt) >= LookInterval) await LookAsync(cancel);
        for (var tried = 0; tried < _lanes.Count; tried++)
        {
            _last = (_last + 1) % _lanes.Count;
            var lane = _lanes[_last];
            if (await finder.ActiveAsync(lane.Destination.Id, cancel) is null) continue;
            var turn = await lane.NextTurnAsync(size, cancel);
            if (!turn.IsEmpty) return turn;
        }

        return new Lane.Turn([], []);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) await lane.CloseAsync(lost);
    }
}
