using System.Globalization;
using System.Runtime.Versioning;
using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.Benchmarks.ColdStart;
using ClockifyFunctions.Benchmarks.Cost;
using ClockifyFunctions.Benchmarks.DeepBacklog;
using ClockifyFunctions.Benchmarks.Draining;
using ClockifyFunctions.Benchmarks.Gate;
using ClockifyFunctions.Benchmarks.Hostile;
using ClockifyFunctions.Benchmarks.Ingesting;
using ClockifyFunctions.Benchmarks.Lone;
using ClockifyFunctions.Benchmarks.Previewing;
using ClockifyFunctions.Benchmarks.Rendering;
using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.Benchmarks.Scaling;
using ClockifyFunctions.Benchmarks.Stopping;
using ClockifyFunctions.Benchmarks.Synchronizing;
using ClockifyFunctions.LocalHost.Stack;

[assembly: SupportedOSPlatform("linux")] // Because of signals and faketime.

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// The benchmark program starts itself for the baselines.
if (args is ["worker", "bare-loop", ..]) return await BareLoop.WorkAsync(args);
if (args is ["worker", "hostile", ..]) return HostileBench.Work(args);
if (args is ["worker", ..]) return await BaselineWorker.RunAsync(args);

var root = Directory.Exists(Repository.PublishedBuild) ? Repository.PublishedBuild : Repository.DevelopmentBuild;
var benches = new Dictionary<string, Func<Task<BenchReport>>>
{
    ["render"] = () => Task.FromResult(RenderBench.Run(Number("--records", 10_000))),
    ["ingest"] = () => IngestBench.RunAsync(Number("--records", 100_000), root),
    ["drain"] = () => DrainBench.RunAsync(Number("--calls", 20_000), root),
    ["keys"] = () => KeysBench.RunAsync([.. (Option("--keys") ?? "1,10,100,200,500").Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))], Number("--seconds", 30), root),
    ["backlog"] = () => BacklogBench.RunAsync(Number("--records", 1_000_000), shallow: 1000, TimeSpan.FromSeconds(10), root),
    ["sync"] = () => SyncBench.RunAsync(Number("--records", 100_000), root),
    ["coldstart"] = () => ColdStartBench.RunAsync(Number("--starts", 20)),
    ["cost"] = () => CostBench.RunAsync(Number("--seconds", 60), root),
};
switch (args)
{
    case ["gate", ..]:
        return await GateBench.RunAsync(Option("--json"), Number("--seconds", 60), Option("--only"));
    case ["chaos", ..]:
        return await ChaosBench.RunAsync(Option("--json"), ChaosPlan.Full with { Records = Number("--records", ChaosPlan.Full.Records), Seed = Number("--seed", ChaosPlan.Full.Seed) });
    case ["lone", ..]:
        return await LoneBench.RunAsync(Option("--json"), behind: 10_000, Number("--records", 100));
    case ["stop", ..]:
        return await StopBench.RunAsync(Option("--json"), Number("--stops", 10));
    case ["preview", ..]:
        return await PreviewBench.RunAsync(Option("--json"), Number("--calls", 100));
    case ["hostile", ..]:
        return await Reports.WriteAsync([HostileBench.RunAsync], Option("--json"));
    case ["all", ..]:
        return await Reports.WriteAsync(benches.Values, Option("--json"));
    case [var name, ..] when benches.TryGetValue(name, out var bench):
        return await Reports.WriteAsync([bench], Option("--json"));
    default:
        Console.Error.WriteLine("""
            Usage: ./build.sh bench NAME [--json FILE]
            Guarantees:
              gate       used rate: one process, four, kills, frozen storage, clock skew   (--seconds N, --only ROW)
              chaos      each record once and in order under faults                        (--records N, --seed N)
              lone       latency of one key while another has 10,000 waiting records       (--records N)
              hostile    memory for requests and messages that are designed to exhaust it
              stop       time until another instance continues after a stop                (--stops N)
              preview    time to preview the payloads of 100 records                       (--calls N)
            Speed and scale, each compared with a baseline of the same run:
              render     rendering a record, against JsonSerializer writing it             (--records N)
              ingest     ingest of a full queue, against a bare AMQP loop                  (--records N)
              drain      calls without a limit, against a bare HttpClient loop             (--calls N)
              keys       cost and rate for one to several hundred keys                     (--keys N,N,..., --seconds N)
              backlog    a million waiting records, against a thousand                     (--records N)
              sync       time to settle records that changed nothing                       (--records N)
              coldstart  time from start to first response, against a bare worker          (--starts N)
              cost       dollars per million records                                       (--seconds N)
              all        all benchmarks of this group, as one table
            """);
        return 2;
}

string? Option(string name) => Array.IndexOf(args, name) is var index and >= 0 && index + 1 < args.Length ? args[index + 1] : null;

int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
