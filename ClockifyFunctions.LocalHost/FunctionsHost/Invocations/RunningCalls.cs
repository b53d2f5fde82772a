namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>Counts calls: those under way, so that a stop can wait for them, and all there ever were.</summary>
internal sealed class RunningCalls
{
    private readonly Lock gate = new();
    private int count;
    private TaskCompletionSource idle = Completed();

    /// <summary>Begun so far, ended or not.</summary>
    public long Begun { get; private set; }

    public IDisposable Begin()
    {
        lock (gate)
        {
            Begun++;
            if (count++ == 0) idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Call(this);
    }

    public Task WhenIdle()
    {
        lock (gate) return idle.Task;
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private void End()
    {
        lock (gate)
        {
            if (--count == 0) idle.SetResult();
        }
    }

    private sealed class Call(RunningCalls calls) : IDisposable
    {
        private int ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref ended, 1) == 0) calls.End();
        }
    }
}
