namespace ClockifyFunctions.Delivery;

/// <summary>How much of one lane is under way, so that it takes neither all slots nor all memory, and keeps no other lane waiting.</summary>
internal sealed class LaneLoad(CallsInFlight.Share inFlight)
{
    /// <summary>Calls in flight where others wait; half of what a drain may have.</summary>
    private const int MostInFlight = 25;

    /// <summary>Calls. What waits for an earlier one to the same object counts as well: behind it may be what shows that its host works.</summary>
    private const int MostUnfinished = 500;

    private const long MostBytes = 8 << 20;

    /// <summary>However large, so many batches may be unfinished; and so many calls may wait for those in flight when more are read.</summary>
    private const int FewCalls = 10;

    /// <summary>What a record takes beside itself; as a rule that is its event.</summary>
    private const int BytesPerRecord = 4096;

    private int _waiting, _unfinished;
    private long _bytes;

    /// <summary>The calls in flight.</summary>
    public CallsInFlight.Share InFlight { get; } = inFlight;

    /// <summary>Calls of the next turn, which is to have <paramref name="size"/>; none before some are finished. Where others wait, at least half a turn or none.</summary>
    public int MayTake(int size, bool isAlone)
    {
        var unfinished = Volatile.Read(ref _unfinished);
        if (unfinished >= MostUnfinished || Volatile.Read(ref _waiting) >= FewCalls) return 0;
        if (Interlocked.Read(ref _bytes) >= MostBytes) size = Math.Min(size, FewCalls - unfinished);
        if (size <= 0) return 0;
        if (isAlone) return size;
        var least = Math.Max(1, Math.Min(size, MostInFlight) / 2);
        return MostInFlight - InFlight.Count is var left && left >= least ? Math.Min(size, left) : 0;
    }

    /// <summary>Some calls wait for those in flight.</summary>
    public bool HasWaiting => Volatile.Read(ref _waiting) > 0;

    /// <summary>A call waits for those in flight.</summary>
    public void CallWaits() => Interlocked.Increment(ref _waiting);

    /// <returns>Whether that makes them few enough for more to be read.</returns>
    public bool CallWaitsNoMore() => Interlocked.Decrement(ref _waiting) == FewCalls - 1;

    /// <summary>A call has left the backlog's reader.</summary>
    /// <returns>The bytes to give back.</returns>
    public long Take(IReadOnlyList<PendingRecord> records)
    {
        var bytes = 0L;
        for (var index = 0; index < records.Count; index++) bytes += records[index].Record.Body.Utf8.Length + BytesPerRecord;
        Interlocked.Increment(ref _unfinished);
        Interlocked.Add(ref _bytes, bytes);
        return bytes;
    }

    /// <summary>It is finished, its events acknowledged, or left to another drain.</summary>
    public void Finish(long bytes)
    {
        Interlocked.Decrement(ref _unfinished);
        Interlocked.Add(ref _bytes, -bytes);
    }
}
