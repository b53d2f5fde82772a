using System.Diagnostics;
using System.Text.Json;
using ClockifyFunctions.Benchmarks.Reporting;
using static System.FormattableString;

namespace ClockifyFunctions.Benchmarks.Hostile;

/// <summary>Processes each hostile input in a separate process and reads the peak memory of that process.</summary>
internal static class HostileBench
{
    private const int MostMb = 300;

    /// <summary>Maximum duration of a case.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<BenchReport> RunAsync()
    {
        var results = new List<HostileResult>();
        foreach (var name in HostileInputs.All.Keys) results.Add(await MeasureAsync(name));
        return new BenchReport(
            "hostile",
            [.. results.Select(result => new BenchRow(result.Case, Invariant($"{result.PeakMb:0} MB, {result.Seconds:0.00} s: {Shorten(result.Refused ?? "taken")}"), Aim: BenchRow.Judge($"below {MostMb} MB", result.PeakMb < MostMb)))],
            results, Failed: results.Any(result => result.PeakMb >= MostMb));
    }

    public static async Task<HostileResult> MeasureAsync(string name)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ClockifyFunctions.Benchmarks"), ["worker", "hostile", name]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var result = await process.StandardOutput.ReadToEndAsync(patience.Token);
            return result.Length > 0 ? JsonSerializer.Deserialize<HostileResult>(result)! : new HostileResult(name, double.PositiveInfinity, 0, "crashed");
        }
        catch (OperationCanceledException)
        {
            return new HostileResult(name, double.PositiveInfinity, Patience.TotalSeconds, "did not end");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Processes one input. Runs in the separate process.</summary>
    public static int Work(string[] args)
    {
        var (name, watch) = (args[2], Stopwatch.StartNew());
        var refused = HostileInputs.All[name]();
        var seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine(JsonSerializer.Serialize(new HostileResult(name, ProcessUse.PeakMemory(Process.GetCurrentProcess()) / 1e6, seconds, refused)));
        return 0;
    }

    private static string Shorten(string text) => text.Length <= 90 ? text : $"{text[..90]}…";
}
