using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;
using static System.FormattableString;

namespace ClockifyFunctions.Benchmarks.ColdStart;

/// <summary>
/// From the start of the process to its first answers, native against JIT in turns. "Ready" is the host's probe; the first invocation
/// is a real one: a message read, appended to a backlog in Azurite, and a drain ticket sent over AMQP.
/// </summary>
internal static class ColdStartBench
{
    private const string Destination = "coldstart";

    public static async Task<BenchReport> RunAsync(int starts)
    {
        var results = await MeasureAsync(
            [
                ("native", Path.Combine(Repository.NativeBuild, "ClockifyFunctions"), Path.Combine(Repository.Root, "out", "clockify-functions.zip")),
                ("JIT", Path.Combine(Repository.DevelopmentBuild, "ClockifyFunctions"), Path.Combine(Repository.Root, "out", "clockify-functions-portable.zip")),
            ],
            starts);
        var (native, jit) = (results[0], results[1]);
        var ready = native.ReadyMsP50 / jit.ReadyMsP50;
        return new BenchReport(
            "coldstart",
            [
                new("ready, p50", Invariant($"{native.ReadyMsP50:0} ms"), Invariant($"{jit.ReadyMsP50:0} ms, JIT"), Invariant($"{ready:0.00}"), BenchRow.Judge("at most 60 ms and 0.33", native.ReadyMsP50 <= 60 && ready <= 1.0 / 3)),
                new("first invocation done, p50", Invariant($"{native.FirstInvocationMsP50:0} ms"), Invariant($"{jit.FirstInvocationMsP50:0} ms, JIT"), Invariant($"{native.FirstInvocationMsP50 / jit.FirstInvocationMsP50:0.00}")),
                new("memory, ready and idle", Invariant($"{native.ReadyMb:0.0} MB"), Invariant($"{jit.ReadyMb:0.0} MB, JIT"), Invariant($"{native.ReadyMb / jit.ReadyMb:0.00}"), BenchRow.Judge("at most 40 MB", native.ReadyMb <= 40)),
                new("memory after an invocation / under load", Invariant($"{native.IdleMb:0.0} / {native.LoadedMb:0.0} MB"), Invariant($"{jit.IdleMb:0.0} / {jit.LoadedMb:0.0} MB, JIT"), Invariant($"{native.IdleMb / jit.IdleMb:0.00}")),
                new("package", Invariant($"{native.PackageMb:0.0} MB"), Invariant($"{jit.PackageMb:0.0} MB, JIT")),
            ],
            results);
    }

    /// <summary>Starts the builds in turns, so that whatever else the machine does meets them alike.</summary>
    public static async Task<IReadOnlyList<ColdStartResult>> MeasureAsync(IReadOnlyList<(string Name, string Executable, string? Package)> builds, int starts)
    {
        await using var azurite = await Azurite.StartAsync(CancellationToken.None);
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new(LocalStack.Records), new(LocalStack.Drain), new(LocalStack.Responses)], TimeProvider.System);
        await PreparedStorage.Open(azurite.ConnectionString).CreateAsync(Destination, LocalStack.Credential);
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
}
