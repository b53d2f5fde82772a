using ClockifyFunctions.RateLimiting;

namespace ClockifyFunctions.Delivery;

/// <summary>How much of one lane is under way, so that it takes neither all slots nor all memory, and keeps no other lane waiting.</summary>
internal sealed class LaneLoad(CallsInFlight.Share inFlight)
{
    /// <summary>Calls in flight where others wait; half of what a drain may have.</summary>
    private const int MostInFlight = 25;

    /// <summary>Calls. What waits for an earlier one to the same object counts as well: behind it may be what shows that its host works.</summary>
    private const int MostUnfinished = 500;

    /// <summary>Events that the broker has not taken: with a fast API and a slow broker they fill the memory. Twenty seconds' worth at ten a second.</summary>
    private const int MostEvents = 200;

    private const long MostBytes = 8 << 20;

    /// <summary>However large, so many batches may be unfinished; and so many calls may wait for those in flight when more are read.</summary>
    private const int FewCalls = 10;

    /// <summary>What a record takes beside itself; as a rule that is its event.</summary>
    private const int BytesPerRecord = 4096;

    /// <summary>First come, first served; under its own lock.</summary>
    private readonly Queue<WaitingCall> _waiting = [];

    private int _unfinished, _events;
    private long _bytes;

    /// <summary>The calls in flight.</summary>
    public CallsInFlight.Share InFlight { get; } = inFlight;

    /// <summary>Calls of the next turn, which is to have <paramref name="size"/>; none before some are finished. Where others wait, at least half a turn or none.</summary>
    public int MayTake(int size, bool isAlone)
    {
        var unfinished = Volatile.Read(ref _unfinished);
        if (unfinished >= MostUnfinished || Volatile.Read(ref _events) >= MostEvents || Waiting >= FewCalls) return 0;
        if (Interlocked.Read(ref _bytes) >= MostBytes) size = Math.Min(size, FewCalls - unfinished);
        if (size <= 0) return 0;
        if (isAlone) return size;
        var least = Math.Max(1, Math.Min(size, MostInFlight) / 2);
        return MostInFlight - InFlight.Count is var left && left >= least ? Math.Min(size, left) : 0;
    }

    /// <summary>Calls that wait for those in flight.</summary>
    public int Waiting
    {
        get { lock (_waiting) return _waiting.Count; }
    }

    /// <returns>Whether it is the first, so that the line is to be served from now on.</returns>
    public bool Enqueue(WaitingCall call)
    {
        lock (_waiting)
        {
            _waiting.Enqueue(call);
            return _waiting.Count == 1;
        }
    }

    /// <summary>The first one has been served. It stays in line until then, so that none overtakes it.</summary>
    /// <returns>The next one; null when the line is served to its end.</returns>
    /// <param name="isShort">So few wait now that more may be read.</param>
    public WaitingCall? Advance(out bool isShort)
    {
        lock (_waiting)
        {
            _waiting.Dequeue();
            isShort = _waiting.Count == FewCalls - 1;
            return _waiting.TryPeek(out var next) ? next : null;
        }
    }

    /// <summary>The event of a record is on its way to the broker.</summary>
    public void EventWaits() => Interlocked.Increment(ref _events);

    public void EventWaitsNoMore() => Interlocked.Decrement(ref _events);

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

    /// <summary>A call that waits for those in flight, and then gets its permit; null when it is not to be sent now.</summary>
    /// <param name="calls">So many permits are to be near.</param>
    internal sealed class WaitingCall(int calls) : TaskCompletionSource<Permit?>
    {
        public int Calls { get; } = calls;
    }
}
