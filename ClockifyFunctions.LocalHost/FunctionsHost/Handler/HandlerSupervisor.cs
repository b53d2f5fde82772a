using System.ComponentModel;
using System.Diagnostics;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Handler;

/// <summary>Keeps one handler running: starts it, waits until it is ready, restarts it as the policy says.</summary>
internal sealed partial class HandlerSupervisor : IAsyncDisposable
{
    private readonly HandlerLaunch launch;
    private readonly HandlerRestartPolicy policy;
    private readonly ILogger log;
    private readonly ILogger console;
    private readonly TimeProvider time;
    private readonly HttpClient probe = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource stopping = new();
    private readonly List<HandlerProcess> runs = [];
    private readonly TaskCompletionSource<string> gaveUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile TaskCompletionSource<HandlerProcess> ready = NewReady();
    private volatile HandlerProcess? current;
    private volatile HandlerProcess? condemned;
    private volatile bool staysDown;
    private Task running = Task.CompletedTask;

    public HandlerSupervisor(HandlerLaunch launch, HandlerRestartPolicy policy, ILoggerFactory loggers, TimeProvider time)
    {
        this.launch = launch;
        this.policy = policy;
        this.time = time;
        log = loggers.CreateLogger("Host.Function.Handler");
        console = loggers.CreateLogger("Host.Function.Console");
    }

    /// <summary>Raised each time a (re)started handler answered its first probe.</summary>
    public event Action<Process>? BecameReady;

    public HandlerProcess? Current => current;

    /// <summary>Completes with the reason when the host has to stop.</summary>
    public Task<string> GaveUp => gaveUp.Task;

    public void Start() => running = Task.Run(RunAsync);

    /// <summary>The handler that takes calls now, or the next one if it is just restarting.</summary>
    /// <exception cref="TimeoutException">Not ready within four initialization timeouts; the host stops.</exception>
    public async Task<HandlerProcess> WhenReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var process = await ready.Task.WaitAsync(4 * launch.InitializationTimeout, time, cancellationToken);
                if (staysDown || !process.Exited.IsCompleted) return process;
                await Task.Yield(); // It has just ended, and the supervisor is about to renew what we wait for.
            }
        }
        catch (TimeoutException)
        {
            gaveUp.TrySetResult("the handler did not become ready");
            throw;
        }
    }

    /// <summary>Kills a handler that let a call time out; its successor is not counted as a restart after an error.</summary>
    public Task RestartAsync(HandlerProcess process)
    {
        condemned = process;
        return process.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        ready.TrySetCanceled();
        if (current is { } process) await process.KillAsync();
        foreach (var run in runs) run.Dispose();
        probe.Dispose();
        stopping.Dispose();
    }

    private static TaskCompletionSource<HandlerProcess> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Who already waits goes on waiting for the next handler; who comes later must not get the dead one.</summary>
    private void Renew()
    {
        if (ready.Task.IsCompleted) ready = NewReady();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await RunOnceAsync())
            {
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Win32Exception e)
        {
            gaveUp.TrySetResult($"the handler could not be started: {e.Message}");
        }
    }

    /// <returns>True: start another.</returns>
    private async Task<bool> RunOnceAsync()
    {
        var process = HandlerProcess.Start(launch, console);
        runs.Add(process);
        current = process;
        int? exitCode = null;
        if (await process.ProbeAsync(probe, launch.InitializationTimeout, stopping.Token))
        {
            Log.Ready(log, process.Process.Id, process.Address);
            ready.TrySetResult(process);
            BecameReady?.Invoke(process.Process);
            exitCode = await process.Exited.WaitAsync(stopping.Token);
        }
        else if (process.Exited.IsCompleted)
        {
            exitCode = await process.Exited;
        }
        else
        {
            await process.KillAsync();
        }

        if (condemned == process)
        {
            Renew();
            return true;
        }

        var next = policy.Decide(exitCode, time.GetUtcNow());
        Log.Ended(log, process.Process.Id, exitCode, next, process.LastErrors);
        switch (next)
        {
            case AfterExit.StayDown:
                // Calls now find the dead handler and fail with "connection refused".
                staysDown = true;
                ready.TrySetResult(process);
                return false;
            case AfterExit.StopHost:
                Renew();
                gaveUp.TrySetResult($"the handler failed too often (exit code {exitCode}): {process.LastErrors}");
                return false;
            default:
                Renew();
                return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Handler {Pid} is ready at {Address}")]
        public static partial void Ready(ILogger logger, int pid, Uri address);

        [LoggerMessage(2, LogLevel.Warning, "Handler {Pid} ended with exit code {ExitCode}: {Next}. {LastErrors}")]
        public static partial void Ended(ILogger logger, int pid, int? exitCode, AfterExit next, string lastErrors);
    }
}
