namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>Tells listeners and invocations that the host stops.</summary>
internal sealed class HostLifetime : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Canceled when the listeners stop. They receive no more messages, and the worker gets InvocationCancel for each running invocation.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>True after the host has crashed: it settles and releases no message, and the broker delivers all of them again when their locks expire.</summary>
    public bool HasCrashed { get; private set; }

    public Task StopAsync() => _stopping.CancelAsync();

    public Task CrashAsync()
    {
        HasCrashed = true;
        return StopAsync();
    }

    public void Dispose() => _stopping.Dispose();
}
