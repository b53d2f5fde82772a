using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ClockifyFunctions.LocalHost.Stack;

/// <summary>Azure Functions Core Tools as a child process: <c>func start</c> in the folder of the build, as <c>dotnet run</c> does with the worker's SDK.</summary>
internal sealed class Func : IAsyncDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(15);

    private readonly Process _process;

    private Func(Process process, int port) => (_process, Address) = (process, new Uri($"http://127.0.0.1:{port}"));

    public Uri Address { get; }

    /// <param name="settings">Environment variables for func and the app. They take precedence over a local.settings.json.</param>
    /// <exception cref="InvalidOperationException">func is not installed, or it did not start.</exception>
    public static async Task<Func> StartAsync(string scriptRoot, int port, IReadOnlyDictionary<string, string> settings, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("func", ["start", "--port", port.ToString(CultureInfo.InvariantCulture)]) { WorkingDirectory = scriptRoot };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        try
        {
            var func = new Func(Process.Start(start)!, port);
            try
            {
                await func.WaitUntilItAnswersAsync(cancel);
                return func;
            }
            catch
            {
                await func.DisposeAsync();
                throw;
            }
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"--func: 'func' cannot be started ({missing.Message}). Install Azure Functions Core Tools 4 and put it on PATH, or leave out --func.", missing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // SIGTERM, so that func ends the app too.
            using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await kill.WaitForExitAsync();
            try
            {
                await _process.WaitForExitAsync().WaitAsync(StopTime);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private async Task WaitUntilItAnswersAsync(CancellationToken cancel)
    {
        using var http = new HttpClient();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < StartTime)
        {
            if (_process.HasExited) throw new InvalidOperationException($"--func: 'func start' ended with exit code {_process.ExitCode}; see its output.");
            try
            {
                using var answer = await http.GetAsync(new Uri(Address, "admin/host/status"), cancel);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(ProbeInterval, cancel);
        }

        throw new InvalidOperationException($"--func: 'func start' did not answer on port {Address.Port} within {StartTime}.");
    }
}
