using ClockifyFunctions.Benchmarks.ColdStart;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>The benchmark still runs and reports. How fast it is, is not asserted here.</summary>
[Trait("Category", "process")]
public class ColdStartBenchTests
{
    [Fact]
    public async Task AShortRunReportsTimesAndMemory()
    {
        var result = Assert.Single(await ColdStartBench.MeasureAsync([("app", Repository.DevelopmentBuild)], starts: 1));
        Assert.Equal(1, result.Starts);
        Assert.True(result.FirstAnswerMsP50 > 1);
        Assert.True(result.IdleMb > 1);
        Assert.True(result.FolderMb > 1);
    }
}
