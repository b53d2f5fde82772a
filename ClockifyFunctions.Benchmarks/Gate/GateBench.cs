using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Gate;

/// <summary>Measures the gate with the published app, Azurite, and a strict limit of 10 calls per second and key.</summary>
internal static class GateBench
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(string? jsonFile, int seconds, string? only)
    {
        var root = Directory.Exists(Repository.PublishedBuild) ? Repository.PublishedBuild : Repository.DevelopmentBuild;
        (string Name, Func<Task<ScenarioResult>> Run)[] scenarios =
        [
            ("one", () => new AppScenario("one", seconds) { ScriptRoot = root }.RunAsync()),
            ("four", () => new AppScenario("four", seconds) { ScriptRoot = root, Processes = 4 }.RunAsync()),
            ("kill", () => new AppScenario("kill", seconds) { ScriptRoot = root, Processes = 4, KillEvery = TimeSpan.FromSeconds(20) }.RunAsync()),
            ("keys", () => new AppScenario("keys", seconds) { ScriptRoot = root, Processes = 2, Keys = 20 }.RunAsync()),
            ("storage-paused", () => new AppScenario("storage-paused", seconds) { ScriptRoot = root, FreezeStorageFor = TimeSpan.FromSeconds(20) }.RunAsync()),
            ("clock-skew", () => new AppScenario("clock-skew", seconds) { ScriptRoot = root, Processes = 4, SkewClocks = true, KillEvery = TimeSpan.FromSeconds(seconds / 2) }.RunAsync()),
            ("baseline-local-bucket", () => BaselineScenario.RunAsync("baseline-local-bucket", seconds)),
            ("baseline-partition-leases", () => BaselineScenario.RunAsync("baseline-partition-leases", seconds)),
        ];

        var results = new List<ScenarioResult>();
        Console.WriteLine("| scenario | processes | s | utilisation | windows above | 429 | gate tx / call | storage tx / call | takeover s | lost | duplicates |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (name, run) in scenarios.Where(scenario => only is null || scenario.Name == only))
        {
            if (name == "clock-skew" && !File.Exists(AppScenario.FakeTimeLibrary))
            {
                Console.WriteLine($"| {name} | not run: faketime is not installed (Debian package faketime) | | | | | | | | | |");
                continue;
            }

            var result = await run();
            results.Add(result);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {result.Processes} | {result.Seconds:0} | {100 * result.Utilisation:0.0} % | {result.WindowsAboveLimit} | {result.Responses429} | {result.GateTransactionsPerCall:0.000} | {result.StorageTransactionsPerCall:0.000} | {result.TakeoverSecondsMax:0.0} | {result.Lost} | {result.Duplicates} |"));
        }

        if (jsonFile is not null) await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(new { scenarios = results }, Json));
        return 0;
    }
}
