namespace ClockifyFunctions.Delivery;

/// <summary>How many calls of this process await their answers at a time, and so how many connections it has.</summary>
/// <remarks>
/// A drain may always have a few in flight, enough for ten calls a second while answers take 0.4 s. What it has beyond those comes out of
/// a stock that all drains share. So keys whose API is slow may use up the stock, and still no other waits for them.
/// </remarks>
/// <param name="always">In flight per drain, whatever others do.</param>
/// <param name="shared">Further ones, of all drains. 64 drains have 1,056 in flight at most.</param>
/// <param name="most">In flight per drain: the more calls are under way, the more are in doubt after a crash.</param>
internal sealed class CallsInFlight(int always = 4, int shared = 800, int most = 50)
{
    private readonly int _always = always, _most = most;
    private readonly LinkedList<(Drain Drain, TaskCompletionSource Entered)> _waiting = [];
    private readonly Lock _lock = new();
    private int _left = shared;

    /// <summary>The calls of one drain.</summary>
    public Drain Begin() => new(this);

    internal sealed class Drain(CallsInFlight all)
    {
        private int _count;

        /// <summary>Waits until one more call may be in flight, which it then is until <see cref="Leave"/>.</summary>
        /// <exception cref="OperationCanceledException"><paramref name="cancel"/> fired first: it is not.</exception>
        public async ValueTask EnterAsync(CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            LinkedListNode<(Drain Drain, TaskCompletionSource Entered)> waiting;
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
                if (_count >= all._always) all._left++;
                // First come, first served, but whoever is still at a limit of its own is passed over.
                for (var waiting = all._waiting.First; waiting is not null; waiting = waiting.Next)
                {
                    if (!waiting.Value.Drain.TryEnter()) continue;
                    all._waiting.Remove(waiting);
                    waiting.Value.Entered.SetResult();
                    return;
                }
            }
        }

        private bool TryEnter()
        {
            if (_count >= all._most || (_count >= all._always && all._left == 0)) return false;
            if (_count >= all._always) all._left--;
            _count++;
            return true;
        }
    }
}
