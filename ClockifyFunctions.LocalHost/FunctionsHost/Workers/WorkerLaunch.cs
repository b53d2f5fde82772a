using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>The command line and environment of a worker process.</summary>
internal sealed class WorkerLaunch(ScriptRoot root, IReadOnlyDictionary<string, string> settings, string? wrapper)
{
    private const int MaxMessageLength = int.MaxValue;

    /// <param name="rpc">The address of the host's gRPC server.</param>
    public ProcessStartInfo For(Guid workerId, Uri rpc)
    {
        var requestId = Guid.NewGuid();
        // The .NET worker reads only the --functions switches. The real host also sends the others.
        string[] line =
        [
            Executable(root.Worker.Executable), .. root.Worker.Arguments, Path.Combine(root.Folder, root.Worker.WorkerPath),
            "--host", rpc.Host, "--port", Text(rpc.Port), "--workerId", $"{workerId}", "--requestId", $"{requestId}",
            "--grpcMaxMessageLength", Text(MaxMessageLength),
            "--functions-uri", rpc.AbsoluteUri, "--functions-worker-id", $"{workerId}", "--functions-request-id", $"{requestId}",
            "--functions-grpc-max-message-length", Text(MaxMessageLength),
        ];
        if (wrapper is not null) line = [wrapper, .. line];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = root.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = root.Folder;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = root.Folder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = WorkerConfig.Runtime;
        return start;
    }

    /// <summary>
    /// The program <c>dotnet</c> is the one whose runtime runs this host. The first <c>dotnet</c> in the PATH can be a script that starts the worker as its child.
    /// Then the host would watch and kill the script, and the worker would watch the script instead of the host.
    /// </summary>
    private static string Executable(string configured) =>
        configured == "dotnet" ? Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")) : configured;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
