using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace ClockifyFunctions.Messaging;

/// <summary>
/// Delays the failure of a Service Bus function. The broker delivers the messages of a failed invocation again immediately, and
/// dead-letters them after the maximum delivery count. The usual cause is that storage is unavailable, not the message, which would be quarantined.
/// </summary>
internal sealed class RedeliveryPause(TimeProvider time, IHostApplicationLifetime lifetime) : IFunctionsWorkerMiddleware
{
    /// <summary>The pause. Multiplied by the maximum delivery count of the queue, it is how long storage can be unavailable before messages are dead-lettered.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "serviceBusTrigger") ? DelayFailureAsync(() => next(context), context.CancellationToken) : next(context);

    internal async Task DelayFailureAsync(Func<Task> invocation, CancellationToken cancel)
    {
        try
        {
            await invocation();
        }
        catch
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
            await Task.Delay(Pause, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
