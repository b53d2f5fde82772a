using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>
/// A short, seeded run of the chaos bench in real processes. Kills are left out, because after each one a lease has to expire: they are in
/// <c>EndToEnd/InstancesTests</c>, and on simulated time in <c>Simulation/ChaosTests</c>.
/// </summary>
[Trait(Categories.Name, Categories.Process)]
public class ChaosBenchTests
{
    [Fact]
    public async Task WhileConnectionsAndStorageFailEachRecordIsDeliveredOnceAndInOrder()
    {
        var plan = new ChaosPlan(60, Seed: 7, KillEvery: TimeSpan.FromHours(1), RestartStorageEvery: TimeSpan.FromSeconds(4), DropEvery: TimeSpan.FromSeconds(2));
        var result = await ChaosBench.RunAsync(plan, Repository.DevelopmentBuild);
        Assert.True(result.ConnectionDrops > 0 && result.StorageRestarts > 0);
        Assert.True(result.IsPerfect, result.ToString());
    }
}
