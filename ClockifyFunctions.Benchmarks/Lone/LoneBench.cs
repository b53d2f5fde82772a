using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Lone;

/// <param name="Behind">Records that wait for the busy key.</param>
/// <param name="LatencyMs">From the queue to the API, of single records of another key.</param>
internal sealed record LoneResult(int Behind, int Records, Percentiles LatencyMs, double BusyUtilisation);

/// <summary>Whether a busy key holds up anybody else: one is thousands of records behind, another gets a record now and then.</summary>
internal static class LoneBench
{
    private const int Permits = 10;

    public static async Task<int> RunAsync(string? jsonFile, int behind, int records)
    {
        var result = await RunAsync(behind, records, Directory.Exists(Repository.PublishedBuild) ? Repository.PublishedBuild : Repository.DevelopmentBuild);
        var json = JsonSerializer.Serialize(result, Summary.Json);
        Console.WriteLine(json);
        if (jsonFile is not null) await File.WriteAllTextAsync(jsonFile, json);
        return 0;
    }

    public static async Task<LoneResult> RunAsync(int behind, int records, string scriptRoot)
    {
        const string LoneKey = "simulated-key-2";
        await using var stack = await LocalStack.StartAsync(
            new LocalStackOptions { ScriptRoot = scriptRoot, Permits = Permits, MoreCredentials = new Dictionary<string, string> { ["key2"] = LoneKey } }, LocalLog.Create(), CancellationToken.None);
        await StartCommand.CreateDestinationAsync(stack, "busy", Seed.WorkspaceId, CancellationToken.None);
        await StartCommand.CreateDestinationAsync(stack, "lone", Seed.WorkspaceId, CancellationToken.None, credential: "key2");
        var queue = stack.Bus.Queue(LocalStack.Records);
        for (var number = 0; number < behind; number++) queue.Send(ChaosWork.ToMessage("busy", Record("busy", number)));
        while (queue.Counts is { Active: > 0 } or { Locked: > 0 }) await Task.Delay(100);

        var ledger = stack.Simulator!.Ledger;
        var latencies = new List<double>();
        var random = new Random(1);
        for (var number = 0; number < records; number++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5 + random.NextDouble()));
            var sent = TimeProvider.System.GetTimestamp();
            queue.Send(ChaosWork.ToMessage("lone", Record("lone", number)));
            while (ledger.CallsOf(LoneKey).Count <= number) await Task.Delay(5);
            latencies.Add((ledger.CallsOf(LoneKey)[number].Timestamp - sent) * 1000.0 / TimeProvider.System.TimestampFrequency);
        }

        return new LoneResult(behind, records, Percentiles.Of(latencies), Math.Round(ledger.Utilisation(Seed.AdaKey, Permits, TimeSpan.FromSeconds(1)), 3));
    }

    private static string Record(string name, int number) => string.Create(CultureInfo.InvariantCulture, $$"""{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"{{name}} {{number}}"}""");
}
