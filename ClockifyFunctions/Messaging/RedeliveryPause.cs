using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace ClockifyFunctions.Messaging;

/// <summary>
/// Holds back the failure of a Service Bus function for a while. The broker delivers the messages of a failed invocation again immediately and
/// dead-letters them after a number of deliveries. The cause is hardly ever the message (which would be quarantined) but storage that is unavailable.
/// </summary>
internal sealed class RedeliveryPause(TimeProvider time, IHostApplicationLifetime lifetime) : IFunctionsWorkerMiddleware
{
    /// <summary>Multiplied by the delivery count of the queue, this is how long storage may be unavailable before messages are dead-lettered.</summary>
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
