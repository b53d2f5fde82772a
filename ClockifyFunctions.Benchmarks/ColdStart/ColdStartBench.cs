using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;
using static System.FormattableString;

namespace ClockifyFunctions.Benchmarks.ColdStart;

/// <summary>
/// Measures the time from the start of the worker process to its first answered invocation, for the app and for a bare worker with the same packages
/// and one function. Both are published in the same way and started alternately. The app also runs its sweep at start, as in Azure.
/// </summary>
internal static class ColdStartBench
{
    public static async Task<BenchReport> RunAsync(int starts)
    {
        var results = await MeasureAsync([("app", Repository.PublishedBuild), ("bare worker", Path.Combine(Repository.Root, "out", "template-worker"))], starts);
        var (app, bare) = (results[0], results[1]);
        var (time, memory) = (app.FirstAnswerMsP50 / bare.FirstAnswerMsP50, app.IdleMb / bare.IdleMb);
        return new BenchReport(
            "coldstart",
            [
                new("first answered invocation, p50", Invariant($"{app.FirstAnswerMsP50:0} ms"), Invariant($"{bare.FirstAnswerMsP50:0} ms, bare worker"), Invariant($"{time:0.00}"), BenchRow.Judge("at most 1.3", time <= 1.3)),
                new("first answered invocation, p90", Invariant($"{app.FirstAnswerMsP90:0} ms"), Invariant($"{bare.FirstAnswerMsP90:0} ms, bare worker"), Invariant($"{app.FirstAnswerMsP90 / bare.FirstAnswerMsP90:0.00}")),
                new("memory, idle", Invariant($"{app.IdleMb:0.0} MB"), Invariant($"{bare.IdleMb:0.0} MB, bare worker"), Invariant($"{memory:0.00}"), BenchRow.Judge("at most 1.4", memory <= 1.4)),
                new("published folder", Invariant($"{app.FolderMb:0.0} MB"), Invariant($"{bare.FolderMb:0.0} MB, bare worker")),
            ],
            results);
    }

    /// <summary>Starts the builds alternately, so that other load on the machine affects them equally.</summary>
    public static async Task<IReadOnlyList<ColdStartResult>> MeasureAsync(IReadOnlyList<(string Name, string Folder)> builds, int starts)
    {
        await using var azurite = await Azurite.StartAsync(CancellationToken.None);
        await using var bus = await ServiceBusEmulator.StartAsync(0, LocalStack.QueueOptions, TimeProvider.System);
        var settings = new Dictionary<string, string>
        {
            ["ServiceBusConnection"] = bus.ConnectionString,
            ["StorageConnection"] = azurite.ConnectionString,
            ["SWEEP_SCHEDULE"] = "0 0 0 1 1 *",
            [$"Credentials__{LocalStack.Credential}__ApiKey"] = "key",
        };

        foreach (var build in builds) await WorkerStart.MeasureAsync(build.Folder, settings); // The first start loads the files from the disk and creates the containers.
        var runs = builds.ToDictionary(build => build.Name, _ => new List<WorkerStart>());
        for (var start = 0; start < starts; start++)
            foreach (var build in builds) runs[build.Name].Add(await WorkerStart.MeasureAsync(build.Folder, settings));
        return [.. builds.Select(build => ColdStartResult.Of(build.Name, runs[build.Name], build.Folder))];
    }
}
