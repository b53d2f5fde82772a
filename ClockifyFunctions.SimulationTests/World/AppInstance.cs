using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Maintenance;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>One instance of the app: all its services, with the clock, storage, queues and network of a <see cref="TestWorld"/>.</summary>
internal sealed class AppInstance : IDisposable
{
    /// <summary>The time that the Functions host gives a stopping instance before it kills it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly KillSwitch _killSwitch = new();
    private readonly CancellationTokenSource _listening = new();
    private readonly TimeProvider _time;
    private readonly ServiceProvider _services;
    private readonly Triggers _triggers;
    private Task _running = Task.CompletedTask;

    public AppInstance(AppSettings settings, TimeProvider clock, InMemoryBlobs blobs, StorageCondition condition, InMemoryBus bus, InMemoryHosts hosts, ILoggerProvider log)
    {
        _time = _killSwitch.Clock(clock);
        var storage = new BlobHandler(blobs, condition, clock, _killSwitch);
        var services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(log));
        services.AddClockifyFunctions(settings);
        services
            .AddSingleton(_time)
            .AddSingleton<Action<BlobClientOptions>>(storage.Setup(_time))
            .AddSingleton<HttpMessageHandler>(new ApiHandler(hosts, clock, _killSwitch))
            .AddSingleton<ServiceBusClient>(new InMemoryBusClient(bus, clock, _killSwitch));
        _services = services.BuildServiceProvider();
        _triggers = new Triggers(_services, bus, _time, _killSwitch);
    }

    public bool IsRunning => !_killSwitch.IsKilled && !_listening.IsCancellationRequested;

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts to receive messages.</summary>
    public void Start() => _running = _triggers.RunAsync(_listening.Token);

    /// <summary>Kills the instance: none of its pending operations completes, and the locks of its messages expire.</summary>
    public void Kill()
    {
        _killSwitch.Kill();
        _listening.Cancel();
    }

    /// <summary>Asks the instance to stop, and kills it if it needs longer than the Functions host would wait.</summary>
    public async Task StopAsync()
    {
        await _listening.CancelAsync();
        _triggers.Stop();
        await Task.WhenAny(_running, Task.Delay(Grace, _time));
        _killSwitch.Kill();
    }

    /// <summary>Kills the instance. It does not dispose the services, because that would run code of a killed instance.</summary>
    public void Dispose()
    {
        Kill();
        _listening.Dispose();
    }

    /// <summary>Runs the timer function. If storage is unavailable, the function fails, and the host would log it and call it again at its next time.</summary>
    public async Task SweepAsync()
    {
        try
        {
            await Get<Sweep>().RunAsync(CancellationToken.None);
        }
        catch (Exception failed)
        {
            Get<ILogger<AppInstance>>().LogWarning(failed, "The sweep failed.");
        }
    }
}
