using System.Diagnostics;
using System.Globalization;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Gate;

/// <summary>For comparison: four processes that enforce the limit with common methods.</summary>
internal static class BaselineScenario
{
    private const int Processes = 4, Permits = 10;

    public static async Task<ScenarioResult> RunAsync(string name, int seconds)
    {
        await using var azurite = await Azurite.StartAsync(CancellationToken.None);
        await using var simulator = await Simulator.StartAsync(new SimulatorOptions { KeyWindows = [RateWindow.PerSecond(Permits)] }, TimeProvider.System, CancellationToken.None);
        var workers = Enumerable.Range(0, Processes).Select(_ => Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
            ["worker", name, simulator.BaseAddress.AbsoluteUri, azurite.ConnectionString, seconds.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardOutput = true })!).ToArray();
        var transactions = 0L;
        foreach (var worker in workers)
        {
            transactions += long.Parse(await worker.StandardOutput.ReadToEndAsync(), CultureInfo.InvariantCulture);
            await worker.WaitForExitAsync();
            worker.Dispose();
        }

        var calls = simulator.Ledger.Calls;
        return new ScenarioResult(
            name, Processes, (double)(calls[^1].Timestamp - calls[0].Timestamp) / TimeProvider.System.TimestampFrequency,
            simulator.Ledger.Utilisation(Seed.AdaKey, Permits, TimeSpan.FromSeconds(1)), simulator.Ledger.WindowsAboveLimit(Seed.AdaKey, Permits, TimeSpan.FromSeconds(1)),
            simulator.Ledger.Responses429, transactions / (double)calls.Count, transactions / (double)calls.Count, null, null, null);
    }
}
