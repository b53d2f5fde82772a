using System.Diagnostics;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;

namespace ClockifyFunctions.LocalHost.FunctionsHost;

internal sealed record FunctionsHostOptions
{
    /// <summary>The built app: the folder with host.json and worker.config.json.</summary>
    public required string ScriptRoot { get; init; }

    /// <summary>Port of the public HTTP address on 127.0.0.1; 0 (default) selects a free port.</summary>
    public int Port { get; init; }

    /// <summary>App settings. They resolve %NAME% and connection names, and the worker gets them as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The key for functions with authLevel "function". Empty (default): only the master key is accepted.</summary>
    public string FunctionKey { get; init; } = "";

    /// <summary>The key for every function and for the admin endpoints. Empty (default): functions with authLevel "admin" refuse all requests.</summary>
    public string MasterKey { get; init; } = "";

    /// <summary>
    /// Restarts the worker immediately after every error. Default false, as in Azure: the second restart waits 10 s, and the third
    /// error stops the host if less than 30 minutes lie between the errors. For tests that kill the worker repeatedly.
    /// </summary>
    public bool AlwaysRestart { get; init; }

    /// <summary>A program that starts the worker. Its arguments are the complete command line of the worker. Default: none.</summary>
    public string? Wrapper { get; init; }

    /// <summary>Starts a worker process. Tests replace it by a scripted worker.</summary>
    public Func<ProcessStartInfo, ILogger, IWorkerProcess> StartWorker { get; init; } = WorkerProcess.Start;
}
