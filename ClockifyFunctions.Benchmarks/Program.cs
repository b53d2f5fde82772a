using System.Globalization;
using System.Runtime.Versioning;
using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.Benchmarks.ColdStart;
using ClockifyFunctions.Benchmarks.Draining;
using ClockifyFunctions.Benchmarks.Gate;
using ClockifyFunctions.Benchmarks.Ingesting;
using ClockifyFunctions.Benchmarks.Lone;
using ClockifyFunctions.Benchmarks.Previewing;
using ClockifyFunctions.Benchmarks.Rendering;
using ClockifyFunctions.Benchmarks.Scaling;

[assembly: SupportedOSPlatform("linux")] // Signals, faketime.

// The benchmark starts itself as the processes of its baselines.
if (args is ["worker", "bare-loop", ..]) return await BareLoop.WorkAsync(args);
if (args is ["worker", ..]) return await BaselineWorker.RunAsync(args);
switch (args)
{
    case ["gate", ..]:
        return await GateBench.RunAsync(Option("--json"), Number("--seconds", 60), Option("--only"));
    case ["chaos", ..]:
        return await ChaosBench.RunAsync(Option("--json"), ChaosPlan.Full with { Records = Number("--records", ChaosPlan.Full.Records), Seed = Number("--seed", ChaosPlan.Full.Seed) });
    case ["lone", ..]:
        return await LoneBench.RunAsync(Option("--json"), behind: 10_000, Number("--records", 100));
    case ["preview", ..]:
        return await PreviewBench.RunAsync(Option("--json"), Number("--calls", 100));
    case ["render", ..]:
        return await RenderBench.RunAsync(Option("--json"), Number("--records", 10_000));
    case ["drain", ..]:
        return Print(await DrainBench.RunAsync(Number("--calls", 20_000), ScriptRoot()));
    case ["ingest", ..]:
        return Print(await IngestBench.RunAsync(Number("--records", 100_000), ScriptRoot()));
    case ["keys", ..]:
        return Print(await KeysBench.RunAsync([.. (Option("--keys") ?? "1,10,100,200,500").Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))], Number("--seconds", 60), ScriptRoot()));
    case ["coldstart", ..]:
        return await ColdStartBench.RunAsync(Option("--json"), Number("--starts", 20));
    default:
        Console.Error.WriteLine("""
            Usage: ./build.sh bench NAME [--json FILE]
              gate       rate against limit: alone, contending, killed, frozen, skewed     (--seconds N, --only ROW)
              chaos      each record once and in order while everything fails              (--records N, --seed N)
              lone       how long one key's record waits while another is 10,000 behind    (--records N)
              preview    how long the sample payloads of 100 records take                  (--calls N)
              render     a record becomes a request, against JsonSerializer writing it     (--records N)
              coldstart  native against JIT, from start to first answers                   (--starts N)
            """);
        return 2;
}

string ScriptRoot() => Directory.Exists(ClockifyFunctions.LocalHost.Stack.Repository.NativeBuild) ? ClockifyFunctions.LocalHost.Stack.Repository.NativeBuild : ClockifyFunctions.LocalHost.Stack.Repository.DevelopmentBuild;

int Print(ClockifyFunctions.Benchmarks.Reporting.BenchReport report)
{
    foreach (var row in report.Rows) Console.WriteLine($"| {row.Case} | {row.Measured} | {row.Baseline} | {row.Ratio} | {row.Aim} |");
    Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(report.Figures));
    return report.Failed ? 1 : 0;
}

string? Option(string name) => Array.IndexOf(args, name) is var index and >= 0 && index + 1 < args.Length ? args[index + 1] : null;

int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
