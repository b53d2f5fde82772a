namespace ClockifyFunctions.Delivery;

/// <summary>How much of one lane is under way, so that it takes neither all slots nor all memory, and keeps no other lane waiting.</summary>
internal sealed class LaneLoad
{
    /// <summary>Half of what a drain may have in flight: a host that hangs holds what it gets until the calls time out.</summary>
    private const int MostCalls = 25;

    /// <summary>What waits for an earlier call to the same object counts as well: behind it may be what shows that its host works.</summary>
    private const int MostUnfinished = 1000;

    private const long MostBytes = 16 << 20;

    private int _calls, _unfinished;
    private long _bytes;

    /// <summary>Calls that may still be begun where there are other lanes.</summary>
    public int CallsLeft => MostCalls - Volatile.Read(ref _calls);

    /// <summary>No turn before some of it is finished.</summary>
    public bool IsFull => Volatile.Read(ref _unfinished) >= MostUnfinished || Interlocked.Read(ref _bytes) >= MostBytes;

    public void CallBegins() => Interlocked.Increment(ref _calls);

    public void CallEnds() => Interlocked.Decrement(ref _calls);

    /// <summary>It has left the backlog's reader.</summary>
    public void Take(int bytes)
    {
        Interlocked.Increment(ref _unfinished);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>It is finished, its event acknowledged, or left to another drain.</summary>
    public void Finish(int bytes)
    {
        Interlocked.Decrement(ref _unfinished);
        Interlocked.Add(ref _bytes, -bytes);
    }
}
