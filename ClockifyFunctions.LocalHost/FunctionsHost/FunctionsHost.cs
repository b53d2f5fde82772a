using System.Diagnostics;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Handler;
using ClockifyFunctions.LocalHost.FunctionsHost.Http;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;
using ClockifyFunctions.LocalHost.FunctionsHost.ServiceBus;
using ClockifyFunctions.LocalHost.FunctionsHost.Timers;

namespace ClockifyFunctions.LocalHost.FunctionsHost;

/// <summary>
/// Stands in for the Azure Functions host 4.x: starts the handler of a script root, feeds it queue messages, timer
/// ticks and HTTP requests, and settles by its answers. Several may run in one process.
/// </summary>
internal sealed partial class FunctionsHost : IAsyncDisposable
{
    /// <summary>As in Azure: running calls get this long before the handler is killed.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock stopGate = new();
    private readonly HandlerSupervisor handler;
    private readonly HandlerCalls calls;
    private readonly ILogger log;
    private readonly Dictionary<string, TimerListener> timers = [];
    private readonly List<Func<CancellationToken, Task>> sources = [];
    private readonly List<Task> listeners = [];
    private readonly TaskCompletionSource<string> stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpFront? front;
    private Task? stop;

    private FunctionsHost(ScriptRoot root, FunctionsHostOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        log = loggers.CreateLogger("Host");
        handler = new HandlerSupervisor(
            new HandlerLaunch(root, options.Settings, options.ExecutableOverride),
            new HandlerRestartPolicy(options.HandlerRestartLimit), loggers, time);
        calls = new HandlerCalls(handler, root.Host.FunctionTimeout, time, stopping.Token);
        foreach (var function in root.Functions)
        {
            var invoker = new FunctionInvoker(function.Name, [.. function.Outputs.Select(output => new QueueOutput(output, time))], calls, loggers, time);
            switch (function.Trigger)
            {
                case QueueTriggerConfig queue:
                    sources.Add(new QueueListener(queue, root.Host.ServiceBus, invoker, time, loggers).RunAsync);
                    break;
                case TimerTriggerConfig timer:
                    var listener = new TimerListener(timer, invoker, time);
                    timers.Add(function.Name, listener);
                    sources.Add(listener.RunAsync);
                    break;
            }
        }
    }

    /// <summary>Raised each time a (re)started handler answered its first probe.</summary>
    public event Action<Process>? HandlerReady
    {
        add => handler.BecameReady += value;
        remove => handler.BecameReady -= value;
    }

    /// <summary>The latest handler process, ready or not, alive or not. Owned by the host.</summary>
    public Process? Handler => handler.Current?.Process;

    /// <summary>Executions so far, by any trigger.</summary>
    public long Executions => calls.Begun;

    /// <summary>The public HTTP address; stays readable after the host has stopped.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Completes with the reason when the host has stopped: disposed, or the handler failed too often.</summary>
    public Task<string> Stopped => stopped.Task;

    /// <summary>Starts everything and returns at once; calls wait until the handler is ready.</summary>
    /// <exception cref="HostRefusedException">The script root asks for something that is not supported.</exception>
    public static async Task<FunctionsHost> StartAsync(
        FunctionsHostOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        var root = ScriptRoot.Read(options.ScriptRoot, options.Settings);
        var host = new FunctionsHost(root, options, loggers, time);
        try
        {
            await host.OpenAsync(root, options, loggers, cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The handler that answers now, or, while it restarts, its successor.</summary>
    public async Task<Process> WaitForHandlerAsync(CancellationToken cancellationToken) =>
        (await handler.WhenReadyAsync(cancellationToken)).Process;

    /// <summary>Runs a timer function now, as POST /admin/functions/&lt;name&gt; does.</summary>
    /// <returns>True when the handler reported success.</returns>
    public async Task<bool> RunTimerAsync(string function) => (await timers[function].RunOnceAsync()).Succeeded;

    public async ValueTask DisposeAsync()
    {
        await StopAsync("disposed");
        stopping.Dispose();
    }

    private async Task OpenAsync(
        ScriptRoot root, FunctionsHostOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        front = await HttpFront.StartAsync(root, options, new HttpForwarder(calls), timers, loggers, cancellationToken);
        Address = front.Address;
        // Without functions the real host starts no handler either.
        if (root.Functions.Count > 0) handler.Start();
        listeners.AddRange(sources.Select(source => Task.Run(() => source(stopping.Token), CancellationToken.None)));
        _ = StopWhenHandlerFailsAsync();
        Log.Started(log, root.Folder, Address, root.Functions.Count);
    }

    private async Task StopWhenHandlerFailsAsync() => await StopAsync(await handler.GaveUp);

    private Task StopAsync(string reason)
    {
        lock (stopGate) return stop ??= StopOnceAsync(reason);
    }

    private async Task StopOnceAsync(string reason)
    {
        await Task.Yield();
        Log.Stopping(log, reason);
        await stopping.CancelAsync();
        var finished = Task.WhenAll(Task.WhenAll(listeners), calls.WhenIdle());
        // Real time: the calls that are waited for run in another process.
        await Task.WhenAny(finished, Task.Delay(DrainTime, TimeProvider.System));
        await handler.DisposeAsync();
        // With the handler gone every call has failed; the listeners abandon its messages and end.
        await finished;
        if (front is not null) await front.DisposeAsync();
        calls.Dispose();
        stopped.TrySetResult(reason);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Host runs {Folder} at {Address} with {Count} functions")]
        public static partial void Started(ILogger logger, string folder, Uri address, int count);

        [LoggerMessage(2, LogLevel.Information, "Host stops: {Reason}")]
        public static partial void Stopping(ILogger logger, string reason);
    }
}
