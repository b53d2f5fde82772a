using ClockifyFunctions.Benchmarks.ColdStart;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>The benchmark still runs and reports. How fast it is, is not asserted here.</summary>
public class ColdStartBenchTests
{
    [Fact]
    public async Task AShortRunReportsTimesAndMemory()
    {
        var results = await ColdStartBench.MeasureAsync([("JIT", Path.Combine(Repository.DevelopmentBuild, "ClockifyFunctions"), null)], starts: 2);
        var result = Assert.Single(results);
        Assert.Equal(2, result.Starts);
        Assert.InRange(result.ReadyMsP50, 1, result.FirstInvocationMsP50);
        Assert.True(result.ReadyMb > 1);
        Assert.True(result.IdleMb > 1);
        Assert.True(result.LoadedMb >= result.IdleMb);
    }
}
