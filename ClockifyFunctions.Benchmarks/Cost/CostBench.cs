using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.Benchmarks.Scaling;
using static System.FormattableString;

namespace ClockifyFunctions.Benchmarks.Cost;

/// <summary>Dollars per million records at ten records per second and key, for one busy key and for fifty. Start and end of the run are excluded, because a million records take 28 hours with one key.</summary>
internal static class CostBench
{
    public static async Task<BenchReport> RunAsync(int seconds, string scriptRoot)
    {
        CostResult[] results = [await MeasureAsync(1, seconds, scriptRoot), await MeasureAsync(50, seconds, scriptRoot)];
        return new BenchReport("cost", [.. results.Select(result => new BenchRow(
            Invariant($"{result.Keys} busy key{(result.Keys == 1 ? "" : "s")}, a million records"),
            Invariant($"storage ${result.Storage:0.00}, Service Bus ${result.ServiceBus:0.00}, Functions ${result.Functions:0.00}"),
            Aim: BenchRow.Judge("storage at most $1", result.Storage <= 1)))], results);
    }

    public static async Task<CostResult> MeasureAsync(int keys, int seconds, string scriptRoot)
    {
        var steady = (await KeysBench.MeasureAsync(keys, seconds, scriptRoot)).Steady;
        return new CostResult(keys, steady.Calls, steady.Transactions, steady.Tickets, steady.Executions, steady.Seconds);
    }
}
