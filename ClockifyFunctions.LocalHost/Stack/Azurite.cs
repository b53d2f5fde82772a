using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ClockifyFunctions.LocalHost.Stack;

/// <summary>Azurite's blob service as a child process. Its data is in a folder, so it survives a restart of the process.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    /// <summary>The published account of Azurite, which is not a secret.</summary>
    private const string AccountName = "devstoreaccount1",
        AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly int _port;
    private readonly string _data;
    private readonly bool _isKept;
    private Process? _process;

    private Azurite(int port, string? folder) =>
        (_port, _data, _isKept) = (port, folder is null ? Directory.CreateTempSubdirectory("azurite-").FullName : Directory.CreateDirectory(folder).FullName, folder is not null);

    /// <summary>The running process. A restart creates a new one.</summary>
    /// <exception cref="InvalidOperationException">Azurite was never started.</exception>
    public Process Process => _process ?? throw new InvalidOperationException("Azurite is not running.");

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};BlobEndpoint=http://127.0.0.1:{_port}/{AccountName};";

    /// <summary>Freezes the service to simulate a storage outage: connections stay open, and requests get no response.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    public Task ThawAsync() => SignalAsync("-CONT");

    /// <param name="folder">The folder for the data. Null: a temporary folder, which is deleted at the end.</param>
    public static async Task<Azurite> StartAsync(CancellationToken cancel, string? folder = null)
    {
        var azurite = new Azurite(LoopbackPort.Next(), folder);
        await azurite.StartProcessAsync(cancel);
        return azurite;
    }

    /// <summary>
    /// Stops the service; its data is available again after <see cref="StartProcessAsync"/>. It sends SIGTERM, because Azurite writes its
    /// catalog every few seconds and on SIGTERM. A killed Azurite would lose data, which real storage never does.
    /// </summary>
    public async Task StopProcessAsync()
    {
        if (_process is not { HasExited: false } process) return;
        await SignalAsync("-TERM");
        await process.WaitForExitAsync();
    }

    /// <summary>Starts the service on the same port with the same data, and returns when it accepts connections.</summary>
    public async Task StartProcessAsync(CancellationToken cancel)
    {
        var folder = Path.Combine(Repository.Root, "ClockifyFunctions.LocalHost");
        var (script, package) = (Path.Combine(folder, "Stack", "azurite.js"), Path.Combine(folder, "node_modules", "azurite", "package.json"));
        if (!File.Exists(package)) throw new FileNotFoundException("Azurite is not installed; run ./build.sh, or npm ci in ClockifyFunctions.LocalHost.", package);
        var start = new ProcessStartInfo("node", [script, "--blobPort", $"{_port}", "--location", _data, "--silent", "--skipApiVersionCheck", "--disableTelemetry"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (!await AnswersAsync(cancel))
        {
            if (_process.HasExited) throw new InvalidOperationException($"Azurite ended with exit code {_process.ExitCode}.");
            await Task.Delay(25, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isKept)
        {
            await StopProcessAsync();
        }
        else if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        if (!_isKept) Directory.Delete(_data, recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(IPAddress.Loopback, _port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
