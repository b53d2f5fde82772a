using ClockifyFunctions.Benchmarks.Cost;
using ClockifyFunctions.Benchmarks.DeepBacklog;
using ClockifyFunctions.Benchmarks.Draining;
using ClockifyFunctions.Benchmarks.Ingesting;
using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.Benchmarks.Scaling;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>Checks that the benchmarks of speed and scale run and report, not how fast they are. <c>./build.sh test --filter bench</c> runs those that start processes.</summary>
public class SpeedBenchTests
{
    [Fact(Explicit = true)]
    [Trait(Categories.Name, Categories.Bench)]
    public async Task IngestFindsEveryRecordInTheBacklog()
    {
        var result = await IngestBench.MeasureAsync(records: 2000, instances: 1, Repository.DevelopmentBuild);
        Assert.Equal(0, result.Missing);
        Assert.True(result is { RecordsPerSecond: > 0, BareRecordsPerSecond: > 0, CpuMicroseconds: > 0, StorageTransactionsPerRecord: > 0 });
    }

    [Fact(Explicit = true)]
    [Trait(Categories.Name, Categories.Bench)]
    public async Task DrainDeliversEveryRecordOnceAndMeasuresTheBareLoop()
    {
        var result = await DrainBench.MeasureAsync("short", calls: 500, TimeSpan.Zero, responses: true, width: 8, Repository.DevelopmentBuild);
        Assert.Equal((0, 0), (result.Lost, result.Duplicates));
        Assert.True(result is { CallsPerSecond: > 0, BareCallsPerSecond: > 0, CpuMicroseconds: > 0, BareCpuMicroseconds: > 0 });
    }

    [Fact(Explicit = true)]
    [Trait(Categories.Name, Categories.Bench)]
    public async Task KeysReportsCostsInDollars()
    {
        var result = await KeysBench.MeasureAsync(keys: 3, seconds: 5, Repository.DevelopmentBuild);
        Assert.Equal((0, 0, 0), (result.Unfinished, result.Duplicates, result.Responses429));
        Assert.True(result is { UtilisationLowest: > 0, TransactionsPerCall: > 0, AppCores: > 0, MemoryMb: > 0, Tickets: > 0 });
        var cost = new CostResult(result.Keys, result.Steady.Calls, result.Steady.Transactions, result.Steady.Tickets, result.Steady.Executions, result.Steady.Seconds);
        Assert.True(cost is { Storage: > 0, ServiceBus: > 0, Functions: > 0 });
    }

    [Fact(Explicit = true)]
    [Trait(Categories.Name, Categories.Bench)]
    public async Task BacklogReportsTheFirstCallAndContinuesAfterAKill()
    {
        var result = await BacklogBench.MeasureAsync(waiting: 500, TimeSpan.FromSeconds(1), Repository.DevelopmentBuild);
        Assert.Equal(0, result.Duplicates);
        Assert.True(result is { FirstCallMs: > 0, MemoryMb: > 0, ResumeSeconds: > 0 });
    }

    [Fact]
    public void TheCostOfAMillionRecordsFollowsTheFormula()
    {
        // Ten transactions of each class for a hundred records: 20 writes and 10 lists at 5.5 millionths, 30 others at 0.44.
        var operations = new[] { "append", "write", "list", "read", "lease", "metadata", "delete" };
        var cost = new CostResult(1, 100, operations.ToDictionary(operation => operation, _ => 10L), Tickets: 50, Executions: 100, Seconds: 10);
        Assert.Equal(1.78, cost.Storage);
        Assert.Equal(4.00, cost.ServiceBus);
        Assert.Equal(1.70, cost.Functions);
    }

    [Fact]
    public async Task AReportIsOneTableAndItsFiguresAreInTheFile()
    {
        var file = Path.GetTempFileName();
        var report = new BenchReport("one", [new BenchRow("case", "1 ms", "2 ms", "0.50", BenchRow.Judge("at most 1", isMet: true))], new { Milliseconds = 1 });
        Assert.Equal(0, await Reports.WriteAsync([() => Task.FromResult(report)], file));
        Assert.Equal(1, await Reports.WriteAsync([() => Task.FromResult(report with { Failed = true })], null));
        Assert.Contains("\"milliseconds\": 1", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        File.Delete(file);
    }
}
