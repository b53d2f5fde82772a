using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>
/// Sends invocations to the worker under the rules of the host. An invocation waits until a worker is ready, is canceled with its trigger, and fails
/// at functionTimeout or when the worker ends.
/// </summary>
internal sealed partial class Invoker(
    WorkerSupervisor workers, HostLifetime lifetime, TimeSpan functionTimeout, ILoggerFactory loggers, TimeProvider time)
{
    /// <summary>The time between an invocation's functionTimeout and the replacement of its worker, as observed with the real host.</summary>
    private static readonly TimeSpan ReplacementDelay = TimeSpan.FromSeconds(2);

    private readonly ILogger _log = loggers.CreateLogger("Host.Invocations");

    public RunningInvocations Running { get; } = new();

    /// <summary>
    /// Runs one invocation. If the listeners stop or the client closes its connection, the worker gets InvocationCancel, and the invocation still ends
    /// by itself. Failures of the worker are returned as a result, not thrown.
    /// </summary>
    /// <param name="forward">For HTTP: starts forwarding the request before the worker gets the invocation. It returns the reason of a failure, or null.</param>
    public async Task<InvocationResult> InvokeAsync(
        FunctionConfig function, InvocationRequest request, Func<Worker, Task<string?>>? forward = null, CancellationToken clientLeft = default)
    {
        using var running = Running.Begin();
        request.FunctionId = function.Id;
        request.TraceContext ??= TraceContexts.New();
        var started = time.GetTimestamp();
        Log.Executing(_log, function.Name, request.InvocationId);
        var result = await RunAsync(function, request, forward, clientLeft);
        var duration = time.GetElapsedTime(started);
        if (result is not InvocationResult.Failed failed) Log.Executed(_log, function.Name, result.GetType().Name, request.InvocationId, duration);
        // If the client closes its connection, the forwarding fails although the function has no error.
        else if (clientLeft.IsCancellationRequested) Log.Executed(_log, function.Name, "Cancelled by the client", request.InvocationId, duration);
        else Log.Failed(_log, function.Name, request.InvocationId, duration, failed.Reason);
        return result;
    }

    private async Task<InvocationResult> RunAsync(
        FunctionConfig function, InvocationRequest request, Func<Worker, Task<string?>>? forward, CancellationToken clientLeft)
    {
        Worker worker;
        try
        {
            worker = await workers.WhenReadyAsync(CancellationToken.None);
        }
        catch (HostEndedException)
        {
            return new InvocationResult.CutOff();
        }

        if (worker.LoadErrorOf(function.Id) is { } loadError) return new InvocationResult.Failed(loadError);
        var answer = AnswerAsync(worker.Channel.InvokeAsync(function.Name, request), forward?.Invoke(worker));
        try
        {
            // Like the real host, send an invocation that is already canceled, followed directly by its cancellation.
            using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Stopping, clientLeft);
            await using var cancelling = cancelled.Token.Register(() => worker.CancelInvocation(request.InvocationId));
            return await answer.WaitAsync(functionTimeout, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            worker.CancelInvocation(request.InvocationId);
            _ = ReplaceLaterAsync(worker);
            return new InvocationResult.Failed($"functionTimeout ({functionTimeout}) passed");
        }
    }

    private static async Task<InvocationResult> AnswerAsync(Task<InvocationResponse> response, Task<string?>? forwarding)
    {
        try
        {
            var result = (await response).Result;
            if (result?.Status != StatusResult.Types.Status.Success)
                return new InvocationResult.Failed($"{result?.Exception?.Type}: {result?.Exception?.Message}");
            return forwarding is not null && await forwarding is { } failure ? new InvocationResult.Failed(failure) : new InvocationResult.Succeeded();
        }
        catch (WorkerLostException lost)
        {
            return new InvocationResult.Failed(lost.Message);
        }
        catch (HostEndedException)
        {
            return new InvocationResult.CutOff();
        }
    }

    private async Task ReplaceLaterAsync(Worker worker)
    {
        await Task.Delay(ReplacementDelay, time, lifetime.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!lifetime.Stopping.IsCancellationRequested) worker.Dismiss();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Executing 'Functions.{Function}' (Id={Id})")]
        public static partial void Executing(ILogger logger, string function, string id);

        [LoggerMessage(2, LogLevel.Information, "Executed 'Functions.{Function}' ({Outcome}, Id={Id}, Duration={Duration})")]
        public static partial void Executed(ILogger logger, string function, string outcome, string id, TimeSpan duration);

        [LoggerMessage(3, LogLevel.Error, "Executed 'Functions.{Function}' (Failed, Id={Id}, Duration={Duration}): {Reason}")]
        public static partial void Failed(ILogger logger, string function, string id, TimeSpan duration, string reason);
    }
}
