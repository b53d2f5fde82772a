using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>A short, seeded run of the chaos bench: what it judges holds here as well.</summary>
public class ChaosBenchTests
{
    /// <remarks>Of two processes one is killed every twelve seconds: whoever takes over waits for the lease to end and for what may yet take effect, so more often would be for ever.</remarks>
    [Fact]
    public async Task WhileEverythingFailsEachRecordIsDeliveredOnceAndInOrder()
    {
        var plan = new ChaosPlan(200, Seed: 7, KillEvery: TimeSpan.FromSeconds(12), RestartStorageEvery: TimeSpan.FromSeconds(15), DropEvery: TimeSpan.FromSeconds(5));
        var result = await ChaosBench.RunAsync(plan, Repository.DevelopmentBuild);
        Assert.True(result.Kills > 0 && result.ConnectionDrops > 0);
        Assert.True(result.IsPerfect, result.ToString());
    }
}
