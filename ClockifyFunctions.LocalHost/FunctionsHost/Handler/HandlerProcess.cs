using System.ComponentModel;
using System.Diagnostics;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Handler;

/// <summary>One run of the handler, from start to exit.</summary>
internal sealed class HandlerProcess : IDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(25);

    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> lastErrors = new();

    private HandlerProcess(Process process, Uri address)
    {
        Process = process;
        Address = address;
    }

    public Process Process { get; }

    public Uri Address { get; }

    /// <summary>The exit code. Comes from the process itself: its output may be held open by children.</summary>
    public Task<int> Exited => exited.Task;

    /// <summary>The last three lines on stderr: what the real host shows when a handler crashes.</summary>
    public string LastErrors
    {
        get
        {
            lock (lastErrors) return string.Join(" | ", lastErrors);
        }
    }

    /// <exception cref="Win32Exception">The executable is missing or not executable.</exception>
    public static HandlerProcess Start(HandlerLaunch launch, ILogger console)
    {
        // The real host keeps one port for its life. A fresh one each time spares us waiting for the old socket.
        var port = LoopbackPort.Next();
        var process = new Process { StartInfo = launch.For(port), EnableRaisingEvents = true };
        var run = new HandlerProcess(process, new Uri($"http://127.0.0.1:{port}"));
        process.Exited += (_, _) => run.exited.TrySetResult(process.ExitCode);
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is not null) console.Log(LogLevel.Information, "{Line}", e.Data);
        };
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null) run.OnErrorLine(e.Data, console);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Asks GET / until any answer comes.</summary>
    /// <returns>False when the process ended or did not answer within <paramref name="limit"/>.</returns>
    public async Task<bool> ProbeAsync(HttpClient http, TimeSpan limit, CancellationToken cancellationToken)
    {
        // A process boots in real time, whatever clock the test turns.
        var started = Stopwatch.GetTimestamp();
        while (!Exited.IsCompleted && Stopwatch.GetElapsedTime(started) < limit)
        {
            try
            {
                using var answer = await http.GetAsync(Address, cancellationToken);
                return true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(ProbeInterval, TimeProvider.System, cancellationToken);
            }
        }

        return false;
    }

    public async Task KillAsync()
    {
        try
        {
            Process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself in the meantime.
        }

        await Exited;
    }

    public void Dispose() => Process.Dispose();

    private void OnErrorLine(string line, ILogger console)
    {
        lock (lastErrors)
        {
            lastErrors.Enqueue(line);
            if (lastErrors.Count > 3) lastErrors.Dequeue();
        }

        var level = line.Contains("warn", StringComparison.OrdinalIgnoreCase) ? LogLevel.Warning : LogLevel.Error;
        console.Log(level, "{Line}", line);
    }
}
