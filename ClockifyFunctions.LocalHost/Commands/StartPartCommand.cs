using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Runs one part of the stack until Ctrl+C, for any client.</summary>
internal static class StartPartCommand
{
    public static async Task<int> RunBusAsync(CommandLine line, CancellationToken cancel)
    {
        // A queue that is given as an option replaces the app's queue of the same name.
        var queues = line.Queues
            .Concat(LocalStack.QueueOptions)
            .DistinctBy(queue => queue.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var port = line.Port ?? LocalPorts.DefaultBus;
        LocalPorts.CheckFree(port);
        await using var bus = await ServiceBusEmulator.StartAsync(port, queues, TimeProvider.System);
        Console.WriteLine($"""
            Service Bus emulator with the queues {string.Join(", ", queues.Select(queue => queue.Name))}. Connection string:
              {bus.ConnectionString}
            Ctrl+C stops it; nothing is kept.
            """);
        await WaitAsync(cancel);
        return 0;
    }

    public static async Task<int> RunClockifyAsync(CommandLine line, CancellationToken cancel)
    {
        var options = line.Simulator with { Port = line.Port ?? LocalPorts.DefaultClockify, FaultPlan = line.Faults, Workspace = line.ReadWorkspace() };
        LocalPorts.CheckFree(options.Port);
        await using var simulator = await Simulator.StartAsync(options, TimeProvider.System, cancel);
        Console.WriteLine($"""
            Clockify simulator. Base URL:
              {simulator.BaseAddress}
            Keys, sent as {"X-Api-Key"} ({"X-Addon-Token"} for add-on tokens):
              {string.Join("\n  ", options.Keys.Select(Describe))}
            Workspace: {options.WorkspaceId}
            Try: curl -H 'X-Api-Key: {Seed.AdaKey}' {simulator.BaseAddress}/user
            Ctrl+C stops it; nothing is kept.
            """);
        await WaitAsync(cancel);
        return 0;
    }

    public static Task WaitAsync(CancellationToken cancel) =>
        Task.Delay(Timeout.Infinite, cancel).ContinueWith(static _ => { }, TaskScheduler.Default);

    private static string Describe(SimulatedKey key) =>
        $"{key.Key}  {key.Name}, {key.Role}{(key.IsAddonToken ? ", add-on token" : "")}";
}
