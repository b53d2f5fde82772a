using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace ClockifyFunctions.Lifetime;

/// <summary>
/// Keeps the process alive until its running invocations have ended. Without this, the worker exits about 30 ms after the host requests the stop,
/// and the host abandons or loses the running invocations.
/// </summary>
/// <remarks>The host kills the worker 5 s after it requested the stop. <c>HostOptions.ShutdownTimeout</c> is shorter, so the wait ends before that.</remarks>
internal sealed class RunningInvocations(TimeProvider time, ILogger<RunningInvocations> log) : IFunctionsWorkerMiddleware, IHostedService
{
    /// <summary>Wait after the last invocation. The worker sends the result of an invocation after the middleware has returned, and raises no event when it is sent.</summary>
    private static readonly TimeSpan ResultIsSentWithin = TimeSpan.FromMilliseconds(50);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of running invocations, plus one until the process stops, so that it reaches 0 only during a stop.</summary>
    private int _holds = 1;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        Interlocked.Increment(ref _holds);
        try
        {
            await next(context);
        }
        finally
        {
            Release();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Release();
        try
        {
            if (_ended.Task.IsCompleted) return;
            await _ended.Task.WaitAsync(cancellationToken);
            await Task.Delay(ResultIsSentWithin, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("The process stops while {Count} invocations still run. The broker delivers their messages again.", Volatile.Read(ref _holds));
        }
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _holds) == 0) _ended.TrySetResult();
    }
}
