using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.FunctionsHost;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.ServiceBus;
using Host = ClockifyFunctions.LocalHost.FunctionsHost.FunctionsHost;

namespace ClockifyFunctions.LocalHost.Stack;

/// <summary>The local stack: Azurite, Service Bus emulator, Clockify simulator, and the app under a stand-in for the Functions host.</summary>
internal sealed class LocalStack : IAsyncDisposable
{
    public const string Credential = "default";
    public const string Records = "clockify-records", Drain = "clockify-drain", Responses = "clockify-responses";
    public static readonly IReadOnlyList<string> Queues = [Records, Drain, Responses];

    /// <summary>The queues with the delivery counts of the deployment.</summary>
    public static IEnumerable<QueueOptions> QueueOptions => Queues.Select(name => new QueueOptions(name) { MaxDeliveryCount = name == Records ? 1000 : 10 });

    private readonly List<Host> _hosts = [];
    private readonly string _data;
    private Azurite? _azurite;
    private ServiceBusEmulator? _bus;
    private Func? _func;

    private LocalStack(LocalStackOptions options) =>
        (Options, _data) = (options, options.DataFolder is { } kept ? Directory.CreateDirectory(kept).FullName : Directory.CreateTempSubdirectory("local-stack-").FullName);

    public LocalStackOptions Options { get; }

    public string FunctionKey => Options.FunctionKey;

    /// <exception cref="InvalidOperationException">A real account is used.</exception>
    public Azurite Azurite => _azurite ?? throw new InvalidOperationException("A real storage account is used instead of Azurite.");

    /// <exception cref="InvalidOperationException">A real namespace is used.</exception>
    public ServiceBusEmulator Bus => _bus ?? throw new InvalidOperationException("A real namespace is used instead of the emulator.");

    /// <summary>Null if the real API is used.</summary>
    public Simulator? Simulator { get; private set; }

    public IReadOnlyList<Host> Hosts => _hosts;

    /// <summary>A client for the HTTP API of the first host. It sends the function key. Null until a host has started.</summary>
    public HttpClient Api { get; private set; } = null!;

    public static async Task<LocalStack> StartAsync(LocalStackOptions options, ILoggerFactory loggers, CancellationToken cancel)
    {
        var stack = new LocalStack(options);
        try
        {
            if (options.RealStorage is null) stack._azurite = await Azurite.StartAsync(cancel, options.DataFolder is null ? null : Path.Combine(stack._data, "storage"));
            if (options.RealServiceBus is null) stack._bus = await ServiceBusEmulator.StartAsync(options.BusPort, QueueOptions, TimeProvider.System);
            if (options.RealApiKey is null) stack.Simulator = await Simulator.StartAsync(options.Simulator with { Port = options.SimulatorPort, KeyWindows = [RateWindow.PerSecond(options.Permits)] }, TimeProvider.System, cancel);
            foreach (var (name, key) in options.MoreCredentials)
                stack.Simulator?.AddKey(new SimulatedKey(key, UserIdOf(name), name, $"{name}@example.com", Role.Admin, [Seed.WorkspaceId]));
            if (options.Func) stack._func = await Func.StartAsync(options.ScriptRoot, options.HttpPort == 0 ? LoopbackPort.Next() : options.HttpPort, stack.Settings(), cancel);
            for (var host = 0; !options.Func && host < options.Hosts; host++) await stack.StartHostAsync(host == 0 ? options.HttpPort : 0, loggers, cancel);
            if (stack._func is { } func) stack.OpenApi(func.Address);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    public async Task StartHostAsync(int port, ILoggerFactory loggers, CancellationToken cancel)
    {
        var host = await Host.StartAsync(
            new FunctionsHostOptions
            {
                ScriptRoot = Options.ScriptRoot,
                Port = port,
                FunctionKey = FunctionKey,
                Wrapper = Options.Wrapper(_hosts.Count),
                AlwaysRestart = Options.AlwaysRestart,
                Settings = Settings(),
            },
            loggers, TimeProvider.System, cancel);
        _hosts.Add(host);
        if (_hosts.Count == 1) OpenApi(host.Address);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        await Task.WhenAll(_hosts.Select(host => host.DisposeAsync().AsTask()));
        if (_func is not null) await _func.DisposeAsync();
        if (Simulator is not null) await Simulator.DisposeAsync();
        if (_bus is not null) await _bus.DisposeAsync();
        if (_azurite is not null) await _azurite.DisposeAsync();
        if (Options.DataFolder is null && Directory.Exists(_data)) Directory.Delete(_data, recursive: true);
    }

    private void OpenApi(Uri host)
    {
        Api = new HttpClient { BaseAddress = new Uri(host, "/api/") };
        Api.DefaultRequestHeaders.Add("x-functions-key", FunctionKey);
        Api.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>24 hex digits, like the ids of Clockify.</summary>
    private static string UserIdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..24];

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["FUNCTIONS_WORKER_RUNTIME"] = WorkerConfig.Runtime,
            ["ServiceBusConnection"] = Options.RealServiceBus ?? Bus.ConnectionString,
            ["StorageConnection"] = Options.RealStorage ?? Azurite.ConnectionString,
            // The real host keeps its own locks and keys there.
            ["AzureWebJobsStorage"] = Options.RealStorage ?? Azurite.ConnectionString,
            ["SWEEP_SCHEDULE"] = Options.SweepSchedule,
            ["CredentialsFile"] = Path.Combine(_data, "credentials.json"),
            [$"Credentials__{Credential}__ApiKey"] = Options.RealApiKey ?? Seed.AdaKey,
            [$"Credentials__{Credential}__Limits"] = $"{Options.Permits}/00:00:01",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__LogLevel__ClockifyFunctions"] = "Information",
        };
        if (Simulator is not null)
        {
            settings[$"Credentials__{Credential}__BaseUrl"] = Simulator.BaseAddress.AbsoluteUri;
            foreach (var (name, key) in Options.MoreCredentials)
            {
                settings[$"Credentials__{name}__ApiKey"] = key;
                settings[$"Credentials__{name}__Limits"] = $"{Options.Permits}/00:00:01";
                settings[$"Credentials__{name}__BaseUrl"] = Simulator.BaseAddress.AbsoluteUri;
            }
        }

        foreach (var (name, value) in Options.ExtraSettings) settings[name] = value;
        return settings;
    }
}
