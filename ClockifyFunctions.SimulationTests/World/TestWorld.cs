using System.Text;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>
/// The whole system in one process on simulated time: instances of the app, storage, queues, and the Clockify simulator. Only the code of the
/// app is real. Time passes only in <see cref="UntilAsync(string, Func{bool}, TimeSpan?)"/> and <see cref="PassAsync"/>.
/// </summary>
internal sealed class TestWorld : IAsyncDisposable
{
    public const string CredentialName = "default";

    /// <summary>The host name of the Clockify simulator.</summary>
    public const string ApiHost = "clockify.test";

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    private readonly List<AppInstance> _instances = [];
    private readonly InMemoryBlobs _blobs;
    private readonly AppSettings _settings;
    private readonly HttpMessageInvoker _network;
    private readonly AppInstance _observer;
    private readonly ITimer _sweep;

    private TestWorld(WorldOptions options, VirtualClock clock, Simulator simulator)
    {
        (Clock, Simulator) = (clock, simulator);
        Log = new WorldLog(clock);
        _blobs = new InMemoryBlobs(clock);
        Bus = new InMemoryBus(clock);
        _settings = Read(options);
        _network = new HttpMessageInvoker(((TestServer)simulator.Server).CreateHandler());
        Api = Hosts.Add(ApiHost, request => _network.SendAsync(request, CancellationToken.None));
        // The observer reads from storage without latency.
        _observer = new AppInstance(_settings, clock, _blobs, new StorageCondition { Latency = TimeSpan.Zero }, Bus, Hosts, Log);
        _sweep = clock.CreateTimer(_ => Sweep(), null, options.SweepInterval, options.SweepInterval);
    }

    /// <summary>The credential of all destinations, unless a test adds others.</summary>
    public Credential Credential => _settings.Credentials[CredentialName];

    public VirtualClock Clock { get; }

    public Simulator Simulator { get; }

    public Ledger Ledger => Simulator.Ledger;

    public Faults Faults => Simulator.Faults;

    public InMemoryBus Bus { get; }

    public InMemoryHosts Hosts { get; } = new();

    /// <summary>The host of the Clockify simulator.</summary>
    public InMemoryHosts.Host Api { get; }

    public StorageCondition Storage { get; } = new();

    public WorldLog Log { get; }

    /// <summary>All instances that were started, including killed and stopped ones.</summary>
    public IReadOnlyList<AppInstance> Instances => _instances;

    /// <summary>The first running instance.</summary>
    public AppInstance App => _instances.First(instance => instance.IsRunning);

    public IReadOnlyList<JsonElement> Events => Bus.Events;

    public static async Task<TestWorld> StartAsync(WorldOptions? options = null)
    {
        options ??= new WorldOptions();
        var clock = new VirtualClock();
        var world = new TestWorld(options, clock, await Simulator.StartAsync(options.Simulator, clock, CancellationToken.None, host => host.UseTestServer()));
        for (var instance = 0; instance < options.Instances; instance++) world.StartInstance();
        await world.EntriesAsync();
        return world;
    }

    public AppInstance StartInstance()
    {
        var instance = new AppInstance(_settings, Clock, _blobs, Storage, Bus, Hosts, Log);
        _instances.Add(instance);
        instance.Start();
        return instance;
    }

    /// <summary>Creates the active destination <c>entries</c>, which creates time entries.</summary>
    public Task EntriesAsync() => DestinationAsync("entries", $$"""{"credential":"{{CredentialName}}","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"} }""");

    /// <summary>Creates an active destination, or changes its config.</summary>
    public async Task DestinationAsync(string id, string config, bool active = true)
    {
        Assert.True(ConfigText.TryRead(Encoding.UTF8.GetBytes(config), out var read, out var problem), problem);
        Assert.True(Destination.TryCreate(id, read, _settings.Credentials, out _, out var problems), string.Join("\n", problems));
        await WriteAsync(new StoredDestination(id, active ? DestinationState.Active : DestinationState.Paused, read));
    }

    public Task PauseAsync(string id) => SetStateAsync(id, DestinationState.Paused);

    public Task ActivateAsync(string id) => SetStateAsync(id, DestinationState.Active);

    /// <summary>Ends the suspension of the credential, as a person does after correcting the key.</summary>
    public async Task ResumeAsync()
    {
        Assert.True(await Observe<GateKeeper>().ResumeAsync(Credential, CancellationToken.None));
        await AskForDrainAsync();
    }

    /// <summary>Sends one message per record.</summary>
    public void Send(string? destination, params IEnumerable<string> records) => Bus.Send(records, destination);

    /// <summary>Sends one message per record, with the config of its destination.</summary>
    public void SendWithConfig(string config, params IEnumerable<string> records) => Bus.Send(records, "destinationConfig", config);

    /// <summary>Sends all records in one message.</summary>
    public void SendTogether(string destination, params IEnumerable<string> records) => Bus.Send([$"[{string.Join(',', records)}]"], destination);

    /// <summary>Lets time pass until <paramref name="condition"/> is true.</summary>
    /// <param name="what">Text for the failure message.</param>
    /// <param name="within">Maximum simulated time. Default: ten minutes.</param>
    public async Task UntilAsync(string what, Func<bool> condition, TimeSpan? within = null)
    {
        try
        {
            await Clock.RunUntilAsync(what, condition, within ?? Soon);
        }
        catch (TimeoutException late)
        {
            Assert.Fail($"{late.Message}\n{Ledger.Calls.Count} calls, {Events.Count} events. The log ends with:\n{string.Join('\n', Log.Lines.TakeLast(40))}");
        }
    }

    /// <summary>Lets time pass until this number of response events exists.</summary>
    public Task EventsAsync(int count, TimeSpan? within = null) => UntilAsync($"{count} response events", () => Events.Count >= count, within);

    /// <summary>Lets time pass until a task of the test has completed.</summary>
    public async Task DoneAsync(string what, Task task, TimeSpan? within = null)
    {
        await UntilAsync(what, () => task.IsCompleted, within);
        await task;
    }

    /// <inheritdoc cref="DoneAsync(string, Task, TimeSpan?)"/>
    public async Task<T> DoneAsync<T>(string what, Task<T> task, TimeSpan? within = null)
    {
        await DoneAsync(what, (Task)task, within);
        return await task;
    }

    /// <summary>Lets this time pass.</summary>
    public Task PassAsync(TimeSpan time) => Clock.RunForAsync(time);

    /// <summary>The open quarantine entries.</summary>
    public IReadOnlyList<QuarantineEntry> Quarantine(string destination) => Now(Observe<QuarantineStore>().ListAsync(destination, 10_000, CancellationToken.None)).Entries;

    /// <summary>The number of records in the backlog of a destination behind its cursor.</summary>
    public long Waiting(string destination) =>
        Now(Observe<Backlogs>().FindAsync(CredentialName, destination, CancellationToken.None)) is { } backlog ? Now(Observe<Backlogs>().DepthAsync(backlog, CancellationToken.None)).Records : 0;

    /// <summary>The reason why the credential is suspended; null if it is not.</summary>
    public string? Suspension() => Now(Observe<GateKeeper>().StatusAsync(Credential, CancellationToken.None)).Suspended;

    /// <summary>A service of the app that reads storage without latency.</summary>
    public T Observe<T>() where T : notnull => _observer.Get<T>();

    /// <summary>Calls the API immediately with another key, as another user of Clockify would.</summary>
    public async Task<string> CallAsync(HttpMethod method, string path, string body = "")
    {
        using var request = new HttpRequestMessage(method, $"https://{ApiHost}/api/v1{path}") { Headers = { { "X-Addon-Token", Seed.AddonToken } }, Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await DoneAsync("the call is answered", _network.SendAsync(request, CancellationToken.None));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    /// <summary>Checks at the simulator that each record took effect once and that the limit was kept.</summary>
    public void AssertExactlyOnce(IReadOnlyCollection<string> records)
    {
        Assert.Equal((0, 0), Summary.Compare(records, Ledger.CreatedTimeEntries));
        AssertLimitsKept();
    }

    public void AssertLimitsKept()
    {
        Assert.Equal(0, Ledger.Responses429);
        foreach (var window in Credential.Limits) Assert.Equal(0, Ledger.WindowsAboveLimit(Seed.AdaKey, window.Permits, window.Period));
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        foreach (var instance in _instances.Append(_observer)) instance.Dispose();
        _network.Dispose();
        await Simulator.DisposeAsync();
    }

    /// <summary>The result of an operation without latency.</summary>
    private static T Now<T>(Task<T> task)
    {
        Assert.True(task.IsCompleted, "The operation takes simulated time, so a condition cannot use it.");
        return task.GetAwaiter().GetResult();
    }

    private static AppSettings Read(WorldOptions options)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ServiceBusConnection"] = "Endpoint=sb://127.0.0.1;SharedAccessKeyName=some;SharedAccessKey=c29tZQ==;UseDevelopmentEmulator=true",
            ["StorageConnection"] = "UseDevelopmentStorage=true",
            [$"Credentials:{CredentialName}:ApiKey"] = Seed.AdaKey,
            [$"Credentials:{CredentialName}:BaseUrl"] = $"https://{ApiHost}/api/v1",
            [$"Credentials:{CredentialName}:Limits"] = options.Limits,
        };
        foreach (var (name, value) in options.Settings) settings[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        var read = AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), out var problems);
        Assert.Empty(problems);
        return read;
    }

    /// <summary>Calls the timer function on one instance, as the Functions host does.</summary>
    private void Sweep()
    {
        if (_instances.Find(instance => instance.IsRunning) is { } instance) _ = instance.SweepAsync();
    }

    private async Task SetStateAsync(string id, DestinationState state)
    {
        var stored = await _observer.Get<DestinationStore>().ReadAsync(id, CancellationToken.None);
        await WriteAsync(stored!.Value.Stored with { State = state });
        if (state == DestinationState.Active) await AskForDrainAsync();
    }

    private Task AskForDrainAsync() => DoneAsync("a ticket is sent", App.Get<DrainTickets>().SendAsync(CredentialName, CancellationToken.None));

    private async Task WriteAsync(StoredDestination destination)
    {
        var store = _observer.Get<DestinationStore>();
        var current = await store.ReadAsync(destination.Id, CancellationToken.None);
        Assert.NotNull(await store.WriteAsync(destination, current?.ETag, CancellationToken.None));
    }
}
