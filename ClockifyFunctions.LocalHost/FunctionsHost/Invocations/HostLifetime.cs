namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>The two moments in the end of a host that listeners and invocations act on.</summary>
internal sealed class HostLifetime : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Fires when the listeners stop: they take no more messages, and the worker gets InvocationCancel for what still runs.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>
    /// Fires when the host is gone: nothing is awaited or settled any more. The messages of invocations that are still running come again
    /// when their locks expire.
    /// </summary>
    public CancellationToken Ended => _ended.Token;

    public Task StopAsync() => _stopping.CancelAsync();

    public async Task EndAsync()
    {
        await _stopping.CancelAsync();
        await _ended.CancelAsync();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _ended.Dispose();
    }
}
