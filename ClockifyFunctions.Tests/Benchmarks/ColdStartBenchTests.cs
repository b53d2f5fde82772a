using ClockifyFunctions.Benchmarks.ColdStart;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>The benchmark still runs and reports. How fast it is is not asserted here. <c>./build.sh test --filter bench</c> runs it.</summary>
public class ColdStartBenchTests
{
    [Fact(Explicit = true)]
    [Trait(Categories.Name, Categories.Bench)]
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
