using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>
/// A short run of the chaos bench with a fixed seed, in real processes. It has no kills, because a lease would have to expire after each one.
/// <c>EndToEnd/InstancesTests</c> and, on simulated time, the <c>ChaosTests</c> of the simulation tests test kills.
/// </summary>
[Trait(Categories.Name, Categories.Process)]
public class ChaosBenchTests
{
    [Fact]
    public async Task WhileConnectionsAndStorageFailEachRecordIsDeliveredOnceAndInOrder()
    {
        var plan = new ChaosPlan(60, Seed: 7, KillEvery: TimeSpan.FromHours(1), RestartStorageEvery: TimeSpan.FromSeconds(10), DropEvery: TimeSpan.FromSeconds(5));
        var result = await ChaosBench.RunAsync(plan, Repository.DevelopmentBuild);
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.ConnectionDrops > 0 && result.StorageRestarts > 0);
        Assert.True(result.IsPerfect, result.ToString());
    }
}
