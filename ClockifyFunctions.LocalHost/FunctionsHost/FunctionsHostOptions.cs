using System.Diagnostics;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;

namespace ClockifyFunctions.LocalHost.FunctionsHost;

internal sealed record FunctionsHostOptions
{
    /// <summary>The built app: the folder with host.json and worker.config.json.</summary>
    public required string ScriptRoot { get; init; }

    /// <summary>Port of the public HTTP address on 127.0.0.1; 0 (default) takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>App settings. They resolve %NAME% and connections, and reach the worker as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Opens functions with authLevel "function". Empty (default): only the master key opens them.</summary>
    public string FunctionKey { get; init; } = "";

    /// <summary>Opens every function and the admin endpoints. Empty (default): nothing with authLevel "admin" opens.</summary>
    public string MasterKey { get; init; } = "";

    /// <summary>
    /// Restarts the worker at once after every error. Default false, as in Azure: the second restart waits 10 s, and the third
    /// error stops the host if less than 30 minutes lie between the errors. For tests that kill the worker repeatedly.
    /// </summary>
    public bool AlwaysRestart { get; init; }

    /// <summary>A program that runs the worker: it gets the worker's whole command line as its arguments. Default none.</summary>
    public string? Wrapper { get; init; }

    /// <summary>Starts a worker process. Tests put a scripted worker in its place.</summary>
    public Func<ProcessStartInfo, ILogger, IWorkerProcess> StartWorker { get; init; } = WorkerProcess.Start;
}
