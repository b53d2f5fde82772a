using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>Keeps one worker running: starts it, loads its functions, and replaces it according to the restart policy.</summary>
internal sealed partial class WorkerSupervisor(
    WorkerStarter starter, WorkerRestartPolicy policy, TimeSpan restartInterval, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    private readonly ILogger _log = loggers.CreateLogger("Host.Worker");
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Worker> _workers = [];
    private readonly List<Task> _retiring = [];
    private readonly TaskCompletionSource<string> _gaveUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource<Worker> _ready = NewReady();
    private IReadOnlyList<RpcFunctionMetadata> _functions = [];
    private Task _keeping = Task.CompletedTask;

    /// <summary>Raised each time a worker has loaded its functions.</summary>
    public event Action<Worker>? BecameReady;

    /// <summary>The worker that became ready last. It stays the current worker after its end.</summary>
    public Worker? Current { get; private set; }

    /// <summary>Completes with the reason when the host must stop.</summary>
    public Task<string> GaveUp => _gaveUp.Task;

    /// <summary>Starts the first worker and asks it for its functions.</summary>
    /// <exception cref="WorkerStartException">The worker did not become ready. The first start is not repeated.</exception>
    public async Task<IReadOnlyList<RpcFunctionMetadata>> StartAsync(CancellationToken cancel)
    {
        Current = await starter.StartAsync(cancel);
        _workers.Add(Current);
        return await OrLostAsync(Current, Current.ReadFunctionsAsync(starter.Folder));
    }

    /// <summary>Loads the functions, and keeps a worker with these functions running from now on.</summary>
    /// <exception cref="WorkerStartException">The worker ended.</exception>
    public async Task LoadAsync(IReadOnlyList<RpcFunctionMetadata> functions)
    {
        _functions = functions;
        await OrLostAsync(Current!, LoadAsync(Current!));
        _keeping = KeepAsync(Current!);
    }

    /// <summary>Returns the ready worker, or waits for the next one during a restart.</summary>
    /// <exception cref="HostEndedException">The host ended before a worker was ready.</exception>
    public async Task<Worker> WhenReadyAsync(CancellationToken cancel) => await _ready.Task.WaitAsync(cancel);

    /// <summary>Terminates the worker and does not replace it.</summary>
    public async Task StopAsync()
    {
        await LeaveAsync();
        if (Current is { } worker) await worker.TerminateAsync();
        await Task.WhenAll(_retiring);
    }

    /// <summary>Stops replacing workers. The current worker keeps running.</summary>
    public async Task LeaveAsync()
    {
        await _stopping.CancelAsync();
        await _keeping;
    }

    /// <summary>Fails all invocations that have no response or no worker. Invocations whose response has arrived keep it.</summary>
    public void CutOff()
    {
        var ended = new HostEndedException();
        _ready.TrySetException(ended);
        foreach (var worker in _workers) worker.Channel.Fail(ended);
    }

    /// <summary>Kills the workers that still run.</summary>
    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        foreach (var worker in _workers)
        {
            worker.Process.Kill();
            await worker.Ended;
            worker.Process.Dispose();
        }

        _stopping.Dispose();
    }

    private static TaskCompletionSource<Worker> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task<T> OrLostAsync<T>(Worker worker, Task<T> step)
    {
        if (await Task.WhenAny(step, worker.Ended) == step) return await step;
        throw new WorkerStartException($"The worker process ended with exit code {await worker.Ended} before its functions were loaded. {worker.Process.LastErrors}");
    }

    private async Task KeepAsync(Worker first)
    {
        var worker = Announce(first);
        try
        {
            while (true)
            {
                var next = worker is null ? policy.Decide(null, time.GetUtcNow()) : await AwaitEndAsync(worker);
                if (next == AfterExit.StopHost)
                {
                    _gaveUp.TrySetResult("the worker process ended with an error too many times");
                    return;
                }

                if (next == AfterExit.RestartLater) await Task.Delay(restartInterval, time, _stopping.Token);
                worker = await TryStartAsync();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    /// <summary>Waits until this worker must be replaced, and returns what the host does next.</summary>
    private async Task<AfterExit> AwaitEndAsync(Worker worker)
    {
        await Task.WhenAny(worker.Ended, worker.Dismissed).WaitAsync(_stopping.Token);
        if (worker.Dismissed.IsCompleted) return Retire(worker);
        var exitCode = await worker.Ended;
        var next = policy.Decide(exitCode, time.GetUtcNow());
        Log.Ended(_log, worker.Process.Id, exitCode, next, worker.Process.LastErrors);
        if (next == AfterExit.StayDown)
        {
            // This worker is replaced only if an invocation reaches its functionTimeout.
            await worker.Dismissed.WaitAsync(_stopping.Token);
            return Retire(worker);
        }

        // Reset _ready before failing the invocations: the broker returns an abandoned message immediately, and it must not reach this worker.
        _ready = NewReady();
        worker.Channel.Fail(new WorkerLostException($"The worker process ended with exit code {exitCode} during the invocation. {worker.Process.LastErrors}"));
        return next;
    }

    private AfterExit Retire(Worker worker)
    {
        _ready = NewReady();
        _retiring.Add(worker.TerminateAsync());
        return AfterExit.Restart;
    }

    /// <returns>Null when the worker did not become ready.</returns>
    private async Task<Worker?> TryStartAsync()
    {
        try
        {
            var worker = await starter.StartAsync(_stopping.Token);
            _workers.Add(worker);
            await OrLostAsync(worker, LoadAsync(worker)).WaitAsync(_stopping.Token);
            return Announce(worker);
        }
        catch (WorkerStartException failed)
        {
            Log.NotStarted(_log, failed.Message);
            return null;
        }
    }

    private async Task<Worker> LoadAsync(Worker worker)
    {
        await worker.LoadAsync(_functions);
        foreach (var function in _functions)
            if (worker.LoadErrorOf(function.FunctionId) is { } error) Log.NotLoaded(_log, function.Name, error);
        return worker;
    }

    private Worker Announce(Worker worker)
    {
        Current = worker;
        Log.Ready(_log, worker.Process.Id);
        _ready.TrySetResult(worker);
        BecameReady?.Invoke(worker);
        return worker;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Worker {Pid} is ready")]
        public static partial void Ready(ILogger logger, int pid);

        [LoggerMessage(2, LogLevel.Warning, "Worker {Pid} ended with exit code {ExitCode}: {Next}. {LastErrors}")]
        public static partial void Ended(ILogger logger, int pid, int exitCode, AfterExit next, string lastErrors);

        [LoggerMessage(3, LogLevel.Error, "Worker not started: {Reason}")]
        public static partial void NotStarted(ILogger logger, string reason);

        [LoggerMessage(4, LogLevel.Error, "Function {Function} not loaded: {Reason}")]
        public static partial void NotLoaded(ILogger logger, string function, string reason);
    }
}
