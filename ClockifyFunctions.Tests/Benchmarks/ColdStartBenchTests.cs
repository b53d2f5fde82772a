using ClockifyFunctions.Benchmarks.ColdStart;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>Checks that the benchmark runs and reports, not how fast it is. <c>./build.sh test --filter bench</c> runs it.</summary>
public class ColdStartBenchTests
{
    [Fact(Explicit = true)]
    [Trait(Categories.Name, Categories.Bench)]
    public async Task AShortRunReportsTimesAndMemory()
    {
        var result = Assert.Single(await ColdStartBench.MeasureAsync([("app", Repository.DevelopmentBuild)], starts: 1));
        Assert.Equal(1, result.Starts);
        Assert.True(result.FirstAnswerMsP50 > 1);
        Assert.True(result.IdleMb > 1);
        Assert.True(result.FolderMb > 1);
    }
}
