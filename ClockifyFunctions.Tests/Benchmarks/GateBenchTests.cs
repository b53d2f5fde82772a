using ClockifyFunctions.Benchmarks.Gate;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>Checks that the benchmark runs and reports, not how fast it is.</summary>
[Trait(Categories.Name, Categories.Process)]
public class GateBenchTests
{
    [Fact]
    public async Task AShortRunReportsWhatTheSimulatorSaw()
    {
        var result = await new AppScenario("one", seconds: 3) { ScriptRoot = Repository.DevelopmentBuild, Keys = 2 }.RunAsync();
        Assert.Equal((0, 0, 0), (result.Lost, result.Duplicates, result.WindowsAboveLimit));
        Assert.True(result.Utilisation > 0);
        Assert.True(result.GateTransactionsPerCall > 0);
    }
}
