using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Benchmarks.ColdStart;

/// <summary>
/// From the start of the process to its first answers, native against JIT in turns. "Ready" is the host's probe; the first invocation
/// is a real one: a message read, appended to a backlog in Azurite, and a drain ticket sent over AMQP.
/// </summary>
internal static class ColdStartBench
{
    private const string Destination = "coldstart";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(string? jsonFile, int starts)
    {
        var results = await MeasureAsync(
            [
                ("native", Path.Combine(Repository.NativeBuild, "ClockifyFunctions"), Path.Combine(Repository.Root, "out", "clockify-functions.zip")),
                ("JIT", Path.Combine(Repository.DevelopmentBuild, "ClockifyFunctions"), Path.Combine(Repository.Root, "out", "clockify-functions-portable.zip")),
            ],
            starts);
        Console.WriteLine($"| build | ready p50 ms | p90 | first invocation p50 ms | p90 | idle MB | under load MB | package MB |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var result in results)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {result.Build} | {result.ReadyMsP50:0} | {result.ReadyMsP90:0} | {result.FirstInvocationMsP50:0} | {result.FirstInvocationMsP90:0} | {result.IdleMb:0.0} | {result.LoadedMb:0.0} | {result.PackageMb:0.0} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"native / JIT: ready {results[0].ReadyMsP50 / results[1].ReadyMsP50:0.00}, first invocation {results[0].FirstInvocationMsP50 / results[1].FirstInvocationMsP50:0.00}, idle memory {results[0].IdleMb / results[1].IdleMb:0.00}"));
        if (jsonFile is not null) await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(new { starts, builds = results }, Json));
        return 0;
    }

    /// <summary>Starts the builds in turns, so that whatever else the machine does meets them alike.</summary>
    public static async Task<IReadOnlyList<ColdStartResult>> MeasureAsync(IReadOnlyList<(string Name, string Executable, string? Package)> builds, int starts)
    {
        await using var azurite = await Azurite.StartAsync(CancellationToken.None);
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new(LocalStack.Records), new(LocalStack.Drain), new(LocalStack.Responses)], TimeProvider.System);
        await CreateDestinationAsync(azurite);
        var settings = new Dictionary<string, string>
        {
            ["ServiceBusConnection"] = bus.ConnectionString,
            ["StorageConnection"] = azurite.ConnectionString,
            [$"Credentials__{LocalStack.Credential}__ApiKey"] = "key",
        };

        foreach (var build in builds) await AppProcess.MeasureAsync(build.Executable, settings, Destination, load: false); // Files are read from disk once.
        var runs = builds.ToDictionary(build => build.Name, _ => new List<AppProcess.Run>());
        for (var start = 0; start < starts; start++)
            foreach (var build in builds) runs[build.Name].Add(await AppProcess.MeasureAsync(build.Executable, settings, Destination, load: start == starts - 1));
        return [.. builds.Select(build => ColdStartResult.Of(build.Name, runs[build.Name], build.Package))];
    }

    private static async Task CreateDestinationAsync(Azurite azurite)
    {
        var account = new BlobAccount(new AppSettings { StorageConnection = azurite.ConnectionString, Credentials = new Dictionary<string, Credential>() });
        await account.EnsureContainersAsync();
        var config = new DestinationConfig { Credential = LocalStack.Credential, Endpoint = "createTimeEntry", Inputs = new Dictionary<string, string> { ["workspaceId"] = "64a687e29ae1f428e7ebe303" } };
        await new DestinationStore(account, TimeProvider.System).WriteAsync(new StoredDestination(Destination, DestinationState.Active, config), null, CancellationToken.None);
    }
}
