using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.LocalHost.Commands;

namespace ClockifyFunctions.Benchmarks.Reporting;

/// <summary>Runs benchmarks and writes their results: a Markdown table for people, JSON for programs.</summary>
internal static class Reports
{
    /// <returns>The exit code: 1 if a benchmark failed. A missed aim is reported and is not a failure.</returns>
    public static async Task<int> WriteAsync(IEnumerable<Func<Task<BenchReport>>> benches, string? jsonFile)
    {
        var machine = Machine();
        Console.WriteLine(machine);
        Console.WriteLine();
        Console.WriteLine("| bench | case | measured | against | ratio | aim |");
        Console.WriteLine("| --- | --- | --- | --- | ---: | --- |");
        var reports = new List<BenchReport>();
        foreach (var bench in benches)
        {
            var report = await bench();
            reports.Add(report);
            foreach (var row in report.Rows) Console.WriteLine($"| {report.Bench} | {row.Case} | {row.Measured} | {row.Baseline} | {row.Ratio} | {row.Aim} |");
        }

        if (jsonFile is not null) await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(new { machine, benches = reports }, Summary.Json));
        return reports.Any(report => report.Failed) ? 1 : 0;
    }

    private static string Machine()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        return string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.Now:d MMMM yyyy}, {Environment.ProcessorCount} cores of {processor}, .NET {Environment.Version}");
    }
}
