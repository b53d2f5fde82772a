using System.ComponentModel;
using System.Diagnostics;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>Starts a worker process and initializes it, so that the host can ask for its functions.</summary>
internal sealed class WorkerStarter(
    ScriptRoot root, WorkerLaunch launch, WorkerServer server, Func<ProcessStartInfo, ILogger, IWorkerProcess> start, ILoggerFactory loggers, TimeProvider time)
{
    public const string HostVersion = "4.1037.0";

    private readonly ILogger _console = loggers.CreateLogger("Host.Function.Console");

    public string Folder => root.Folder;

    /// <exception cref="WorkerStartException">The process could not be started, has ended, or did not respond in time.</exception>
    public async Task<Worker> StartAsync(CancellationToken cancel)
    {
        var id = Guid.NewGuid();
        var connected = server.Expect(id);
        var process = StartProcess(launch.For(id, server.Address));
        try
        {
            var channel = await AwaitAsync(connected, process, root.Worker.StartupTimeout, "connect to the host", cancel);
            var response = await AwaitAsync(channel.AskAsync(InitRequest()), process, root.Worker.InitializationTimeout, "initialize", cancel);
            var init = response.WorkerInitResponse;
            if (init.Result?.Status != StatusResult.Types.Status.Success)
                throw new WorkerStartException($"The worker could not initialize: {init.Result?.Exception?.Message}");
            return new Worker(process, channel, init.Capabilities, time);
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    private static async Task<T> AwaitAsync<T>(Task<T> step, IWorkerProcess process, TimeSpan limit, string what, CancellationToken cancel)
    {
        // Use real time, because a process does not use the clock of a test.
        Task first = Task.WhenAny(step, process.Exited);
        await first.WaitAsync(limit, TimeProvider.System, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        if (step.IsCompleted) return await step;
        throw new WorkerStartException(process.Exited.IsCompleted
            ? $"The worker process ended with exit code {await process.Exited} before it could {what}. {process.LastErrors}"
            : $"The worker process did not {what} within {limit}. {process.LastErrors}");
    }

    private IWorkerProcess StartProcess(ProcessStartInfo command)
    {
        try
        {
            return start(command, _console);
        }
        catch (Win32Exception missing)
        {
            throw new WorkerStartException($"The worker process could not be started: {missing.Message}");
        }
    }

    private StreamingMessage InitRequest() => new()
    {
        WorkerInitRequest = new WorkerInitRequest
        {
            HostVersion = HostVersion,
            WorkerDirectory = root.Folder,
            FunctionAppDirectory = root.Folder,
            Capabilities = { ["MultiStream"] = "10" },
        },
    };
}
