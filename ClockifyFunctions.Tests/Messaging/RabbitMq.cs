using System.Diagnostics;
using System.Text;
using ClockifyFunctions.LocalHost;

namespace ClockifyFunctions.Tests.Messaging;

/// <summary>A real RabbitMQ with its AMQP 1.0 plugin as a child process on loopback, everything it writes in a temporary folder.</summary>
internal sealed class RabbitMq : IAsyncDisposable
{
    /// <summary>Not the one on PATH: that wants to change the user.</summary>
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rabbitmq-");
    private readonly int _epmdPort = LoopbackPort.Next(), _distributionPort = LoopbackPort.Next();
    private Process? _process;

    private RabbitMq()
    {
        File.WriteAllText(InFolder("plugins"), "[rabbitmq_amqp1_0].");
        File.WriteAllText(InFolder("rabbit.conf"), $"listeners.tcp.1 = 127.0.0.1:{Port}\namqp1_0.default_user = guest\n");
    }

    /// <summary>A queue that is there already, and the address that makes it.</summary>
    public const string Queue = "/amq/queue/orders", DeclaringAddress = "/queue/orders";

    public const string WhenMissing = "rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server)";

    public static bool IsInstalled => File.Exists(Program);

    public int Port { get; } = LoopbackPort.Next();

    public static async Task<RabbitMq> StartAsync(CancellationToken cancel)
    {
        var broker = new RabbitMq();
        try
        {
            await broker.StartProcessAsync(cancel);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>On the same port, with what was stored durably.</summary>
    public async Task StartProcessAsync(CancellationToken cancel)
    {
        var start = Prepare(Program);
        start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("RabbitMQ ended while it started."));
        _process.OutputDataReceived += (_, output) =>
        {
            if (output.Data?.Contains("Server startup complete", StringComparison.Ordinal) is true) ready.TrySetResult();
        };
        _process.BeginOutputReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), cancel);
    }

    /// <summary>Whether a text is in any of its files.</summary>
    public bool HasWritten(string text) => _folder.EnumerateFiles("*", SearchOption.AllDirectories).Any(file =>
    {
        try
        {
            using var open = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[open.Length];
            return bytes.AsSpan(0, open.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
        catch (FileNotFoundException)
        {
            return false; // Files come and go while it runs.
        }
    });

    /// <summary>It no longer reads or answers; connections stay open.</summary>
    public Task FreezeAsync() => SignalAllAsync("-STOP");

    /// <summary>Without a chance to tell anybody or to write anything.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        // Erlang's port mapper stays behind as a daemon; ours has a port of its own.
        using (var epmd = Process.Start(Prepare("epmd", "-kill"))!)
            await epmd.WaitForExitAsync();
        _folder.Delete(recursive: true);
    }

    private async Task SignalAllAsync(string signal)
    {
        // The server script has the Erlang machine as a child.
        using var children = Process.Start(new ProcessStartInfo("pgrep", ["-P", $"{_process!.Id}"]) { RedirectStandardOutput = true })!;
        var ids = (await children.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var kill = Process.Start("kill", [signal, $"{_process.Id}", .. ids]);
        await kill.WaitForExitAsync();
    }

    private ProcessStartInfo Prepare(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = _folder.FullName,
            ["RABBITMQ_NODENAME"] = $"test{Port}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{Port}",
            ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
            ["RABBITMQ_MNESIA_BASE"] = _folder.FullName,
            ["RABBITMQ_LOG_BASE"] = _folder.FullName,
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = InFolder("plugins"),
            ["RABBITMQ_CONFIG_FILE"] = InFolder("rabbit.conf"),
            ["RABBITMQ_PID_FILE"] = InFolder("pid"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_EPMD_PORT"] = $"{_epmdPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
