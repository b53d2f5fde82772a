using System.ComponentModel;
using System.Diagnostics;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

internal sealed class WorkerProcess : IWorkerProcess
{
    private const int ErrorLines = 3;

    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lastErrors = new();

    private WorkerProcess(Process process) => Process = process;

    public Process Process { get; }

    public int Id => Process.Id;

    // Set by the Exited event. Process.WaitForExitAsync would also wait for the output, which child processes can keep open.
    public Task<int> Exited => _exited.Task;

    public string LastErrors
    {
        get
        {
            lock (_lastErrors) return string.Join(" | ", _lastErrors);
        }
    }

    /// <exception cref="Win32Exception">The executable is missing or not executable.</exception>
    public static WorkerProcess Start(ProcessStartInfo start, ILogger console)
    {
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var worker = new WorkerProcess(process);
        process.Exited += (_, _) => worker._exited.TrySetResult(process.ExitCode);
        process.OutputDataReceived += (_, line) => WorkerOutput.Log(line.Data, isError: false, console);
        process.ErrorDataReceived += (_, line) =>
        {
            worker.Remember(line.Data);
            WorkerOutput.Log(line.Data, isError: true, console);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return worker;
    }

    public void Kill()
    {
        try
        {
            Process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // The process has ended by itself.
        }
    }

    public void Dispose() => Process.Dispose();

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        lock (_lastErrors)
        {
            _lastErrors.Enqueue(line);
            if (_lastErrors.Count > ErrorLines) _lastErrors.Dequeue();
        }
    }
}
