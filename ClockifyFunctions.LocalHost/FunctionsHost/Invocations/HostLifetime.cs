namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>Tells listeners and invocations that the host ends.</summary>
internal sealed class HostLifetime : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Fires when the listeners stop: they take no more messages, and the worker gets InvocationCancel for what still runs.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Set when the host vanishes: no message is settled or given back, and all come again when their locks expire.</summary>
    public bool HasVanished { get; private set; }

    public Task StopAsync() => _stopping.CancelAsync();

    public Task VanishAsync()
    {
        HasVanished = true;
        return StopAsync();
    }

    public void Dispose() => _stopping.Dispose();
}
