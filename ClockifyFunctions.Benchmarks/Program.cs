using System.Runtime.Versioning;
using ClockifyFunctions.Benchmarks.Gate;

[assembly: SupportedOSPlatform("linux")] // Signals, faketime.

// The benchmark starts itself as the processes of its baselines.
if (args is ["worker", ..]) return await BaselineWorker.RunAsync(args);
if (args is not ["gate", ..])
{
    Console.Error.WriteLine("Usage: ./build.sh bench gate [--json FILE] [--seconds N] [--only NAME]");
    return 2;
}

return await GateBench.RunAsync(Option("--json"), int.Parse(Option("--seconds") ?? "60", System.Globalization.CultureInfo.InvariantCulture), Option("--only"));

string? Option(string name) => Array.IndexOf(args, name) is var index and >= 0 && index + 1 < args.Length ? args[index + 1] : null;
