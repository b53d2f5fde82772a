using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>A short, seeded run of the chaos bench: what it judges holds here as well.</summary>
public class ChaosBenchTests
{
    [Fact]
    public async Task WhileEverythingFailsEachRecordIsDeliveredOnceAndInOrder()
    {
        var plan = new ChaosPlan(200, Seed: 7, KillEvery: TimeSpan.FromSeconds(5), RestartStorageEvery: TimeSpan.FromSeconds(9), DropEvery: TimeSpan.FromSeconds(4));
        var result = await ChaosBench.RunAsync(plan, Repository.DevelopmentBuild);
        Assert.True(result.Kills > 0 && result.ConnectionDrops > 0);
        Assert.True(result.IsPerfect, result.ToString());
    }
}
