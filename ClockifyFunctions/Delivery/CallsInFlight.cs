namespace ClockifyFunctions.Delivery;

/// <summary>How many calls of this process await their answers at a time, and so how many connections it has.</summary>
/// <remarks>
/// A drain may always have a few in flight, enough for ten calls a second while answers take 0.4 s. What it has beyond those comes out of
/// a stock that all drains share. So keys whose API is slow may use up the stock, and still no other waits for them.
/// </remarks>
/// <param name="always">In flight per drain, whatever others do.</param>
/// <param name="shared">Further ones, of all drains. 64 drains have 1,056 in flight at most.</param>
/// <param name="most">In flight per drain: the more calls are under way, the more are in doubt after a crash.</param>
/// <param name="mostOfLane">In flight per destination: a host that hangs holds what it gets until the calls time out, and the rest is for others.</param>
internal sealed class CallsInFlight(int always = 4, int shared = 800, int most = 50, int mostOfLane = 40)
{
    private readonly int _always = always, _most = most, _mostOfLane = mostOfLane;
    private readonly LinkedList<(Share Share, TaskCompletionSource Entered)> _waiting = [];
    private readonly Lock _lock = new();
    private int _left = shared;

    /// <summary>The calls of one drain.</summary>
    public Drain ForDrain() => new(this);

    internal sealed class Drain(CallsInFlight all)
    {
        /// <summary>In flight; changed under the lock.</summary>
        public int Count { get; set; }

        /// <summary>The calls of one lane.</summary>
        public Share ForLane() => new(all, this);
    }

    internal sealed class Share(CallsInFlight all, Drain drain)
    {
        private int _count;

        /// <summary>In flight, or about to be.</summary>
        public int Count => Volatile.Read(ref _count);

        /// <summary>It has as many as it may: a further one waits for these, whatever others do.</summary>
        public bool IsFull => Count >= all._mostOfLane;

        /// <summary>Waits until one more call may be in flight, which it then is until <see cref="Leave"/>.</summary>
        /// <exception cref="OperationCanceledException"><paramref name="cancel"/> fired first: it is not.</exception>
        public async ValueTask EnterAsync(CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            LinkedListNode<(Share Share, TaskCompletionSource Entered)> waiting;
            lock (all._lock)
            {
                if (TryEnter()) return;
                waiting = all._waiting.AddLast((this, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
            }

            await using var registration = cancel.UnsafeRegister(
                (_, token) =>
                {
                    lock (all._lock)
                    {
                        if (waiting.List is null) return; // It has just been let in.
                        all._waiting.Remove(waiting);
                    }

                    waiting.Value.Entered.SetCanceled(token);
                },
                null);
            await waiting.Value.Entered.Task;
        }

        public void Leave()
        {
            lock (all._lock)
            {
                _count--;
                if (--drain.Count >= all._always) all._left++;
                // First come, first served, but whoever is still at a limit of its own is passed over.
                for (var waiting = all._waiting.First; waiting is not null; waiting = waiting.Next)
                {
                    if (!waiting.Value.Share.TryEnter()) continue;
                    all._waiting.Remove(waiting);
                    waiting.Value.Entered.SetResult();
                    return;
                }
            }
        }

        private bool TryEnter()
        {
            if (IsFull || drain.Count >= all._most || (drain.Count >= all._always && all._left == 0)) return false;
            if (drain.Count++ >= all._always) all._left--;
            _count++;
            return true;
        }
    }
}
