using System.Diagnostics;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Http;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Timers;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;

namespace ClockifyFunctions.LocalHost.FunctionsHost;

/// <summary>
/// Stands in for the Azure Functions host 4.x: starts the isolated worker of an app, asks it for its functions, and invokes them for
/// queue messages, timer ticks and HTTP requests. Several hosts may run in one process.
/// </summary>
internal sealed partial class FunctionsHost : IAsyncDisposable
{
    private readonly FunctionsHostOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ScriptRoot _root;
    private readonly WorkerServer _server;
    private readonly WorkerSupervisor _workers;
    private readonly HostLifetime _lifetime = new();
    private readonly Invoker _invoker;
    private readonly Dictionary<string, TimerListener> _timers = [];
    private readonly List<Task> _listeners = [];
    private readonly Lock _stopLock = new();
    private readonly TaskCompletionSource<string> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpFront? _front;
    private Task? _stop;

    private FunctionsHost(ScriptRoot root, WorkerServer server, FunctionsHostOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        (_root, _server, _options, _loggers, _time) = (root, server, options, loggers, time);
        _log = loggers.CreateLogger("Host");
        var launch = new WorkerLaunch(root, options.Settings, options.Wrapper);
        var starter = new WorkerStarter(root, launch, server, options.StartWorker, loggers, time);
        _workers = new WorkerSupervisor(starter, new WorkerRestartPolicy(options.AlwaysRestart), root.Worker.RestartInterval, loggers, time);
        _invoker = new Invoker(_workers, _lifetime, root.Host.FunctionTimeout, loggers, time);
    }

    /// <summary>Raised each time a worker has been restarted and has loaded its functions.</summary>
    public event Action<IWorkerProcess>? WorkerReady;

    /// <summary>The latest worker process, also after its end; null if a test replaces the worker. Owned by the host.</summary>
    public Process? Worker => (_workers.Current?.Process as WorkerProcess)?.Process;

    /// <summary>The number of invocations since the start, for all triggers.</summary>
    public long Executions => _invoker.Running.Begun;

    /// <summary>The public HTTP address. It can be read after the host has stopped.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Completes with the reason when the host has stopped.</summary>
    public Task<string> Stopped => _stopped.Task;

    /// <summary>Starts the worker, then the listeners of its functions.</summary>
    /// <exception cref="HostRefusedException">The app needs a feature that this host does not support.</exception>
    /// <exception cref="WorkerStartException">The worker did not become ready.</exception>
    public static async Task<FunctionsHost> StartAsync(FunctionsHostOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancel)
    {
        var root = ScriptRoot.Read(options.ScriptRoot, options.Settings);
        var server = await WorkerServer.StartAsync(new WorkerLogs(loggers), loggers, cancel);
        var host = new FunctionsHost(root, server, options, loggers, time);
        try
        {
            await host.OpenAsync(cancel);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a worker accepts invocations, for example the replacement of a killed worker.</summary>
    public Task WaitForWorkerAsync(CancellationToken cancel) => _workers.WhenReadyAsync(cancel);

    /// <summary>Runs a timer function now, as POST /admin/functions/&lt;name&gt; does.</summary>
    /// <returns>True when the worker reported success.</returns>
    public async Task<bool> RunTimerAsync(string function) => await _timers[function].RunOnceAsync() is InvocationResult.Succeeded;

    /// <summary>Starts a new worker and terminates the current one, as the real host does two seconds after a functionTimeout. Returns when the old one has ended.</summary>
    public async Task ReplaceWorkerAsync(CancellationToken cancel)
    {
        var worker = await _workers.WhenReadyAsync(cancel);
        worker.Dismiss();
        await worker.Ended.WaitAsync(cancel);
    }

    /// <summary>Stops as the real host does on SIGTERM.</summary>
    /// <param name="patience">How long to wait for invocations that are running now; default is the worker's processShutdownTimeout, 10 s.</param>
    public Task StopAsync(TimeSpan? patience = null) => StopOnceAsync("stopped", patience ?? _root.Worker.ShutdownTimeout);

    /// <summary>
    /// Simulates a kill of this host: its connections break, it settles no message, and the worker continues without a notification.
    /// <see cref="DisposeAsync"/> kills the worker.
    /// </summary>
    public async Task CrashAsync()
    {
        lock (_stopLock) _stop ??= Task.CompletedTask;
        // Detach the worker first. Otherwise the end of the host's lifetime would send cancellations to the worker.
        await _workers.LeaveAsync();
        await _server.DisposeAsync();
        _workers.CutOff();
        await _lifetime.CrashAsync();
        if (_front is not null) await _front.StopAsync(_lifetime.Stopping);
        await CloseAsync("crashed");
    }

    /// <summary>Stops without waiting for running invocations: the host asks the worker to end immediately.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopOnceAsync("disposed", TimeSpan.Zero);
        await _workers.DisposeAsync();
        await _server.DisposeAsync();
        _lifetime.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        var reported = await _workers.StartAsync(cancel);
        var functions = FunctionReader.Read(reported, _options.Settings);
        _workers.BecameReady += worker => WorkerReady?.Invoke(worker.Process);
        await _workers.LoadAsync(reported);
        foreach (var function in functions)
            if (function.Trigger is TimerTriggerConfig timer) _timers.Add(function.Name, new TimerListener(function, timer, _invoker, _lifetime, _time));
        _front = await HttpFront.StartAsync(functions, _root.Host.RoutePrefix, _timers, _options, _invoker, _loggers, _time, cancel);
        Address = _front.Address;
        _listeners.AddRange(_timers.Values.Select(timer => Task.Run(timer.RunAsync, CancellationToken.None)));
        foreach (var function in functions)
            if (function.Trigger is QueueTriggerConfig queue)
                _listeners.Add(Task.Run(new QueueListener(function, queue, _root.Host.ServiceBus, _invoker, _lifetime, _loggers, _time).RunAsync, CancellationToken.None));
        _ = StopWhenWorkersFailAsync();
        Log.Started(_log, _root.Folder, Address, functions.Count);
    }

    private async Task StopWhenWorkersFailAsync() => await StopOnceAsync(await _workers.GaveUp, _root.Worker.ShutdownTimeout);

    private Task StopOnceAsync(string reason, TimeSpan patience)
    {
        lock (_stopLock) return _stop ??= StopInOrderAsync(reason, patience);
    }

    /// <summary>Stops in the order of the real host. The comments say what the worker sees in each step.</summary>
    private async Task StopInOrderAsync(string reason, TimeSpan patience)
    {
        await Task.Yield();
        Log.Stopping(_log, reason);
        var deadline = Task.Delay(patience, _time);
        // 1. The host closes the HTTP port. Requests that are in progress continue.
        var closing = _front?.StopAsync(_lifetime.Stopping) ?? Task.CompletedTask;
        // 2. Running invocations get time to end. The listeners still receive messages, and the worker gets no notice.
        await Task.WhenAny(_invoker.Running.WhenTheseEnd(), deadline);
        // 3. The listeners stop. The worker gets InvocationCancel for each running invocation.
        await _lifetime.StopAsync();
        var listening = Task.WhenAll([.. _listeners, closing]);
        await Task.WhenAny(listening, deadline);
        // 4. The worker gets WorkerTerminate. The host kills it if it does not end within its grace time. The host still accepts responses.
        await _workers.StopAsync();
        // 5. The host abandons invocations without a response. Their messages are delivered again when the locks expire.
        _workers.CutOff();
        await listening;
        await CloseAsync(reason);
    }

    private async Task CloseAsync(string reason)
    {
        await Task.WhenAll(_listeners);
        if (_front is not null) await _front.DisposeAsync();
        _stopped.TrySetResult(reason);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Host runs {Folder} at {Address} with {Count} functions")]
        public static partial void Started(ILogger logger, string folder, Uri address, int count);

        [LoggerMessage(2, LogLevel.Information, "Host stops: {Reason}")]
        public static partial void Stopping(ILogger logger, string reason);
    }
}
