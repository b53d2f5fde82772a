using ClockifyFunctions.Benchmarks.Lone;
using ClockifyFunctions.Benchmarks.Previewing;
using ClockifyFunctions.Benchmarks.Rendering;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Benchmarks;

/// <summary>Checks that the benchmarks run and report, not how fast they are. <c>./build.sh test --filter bench</c> runs those that start processes.</summary>
public class ShortBenchTests
{
    [Fact(Explicit = true)]
    [Trait(Categories.Name, Categories.Bench)]
    public async Task LoneReportsLatencies()
    {
        var result = await LoneBench.RunAsync(behind: 200, records: 3, Repository.DevelopmentBuild);
        Assert.Equal((200, 3), (result.Behind, result.Records));
        Assert.True(result.LatencyMs.Max > 0);
    }

    [Fact]
    public void RenderReportsEveryEndpointAndBatches()
    {
        var results = RenderBench.Measure(records: 200, rounds: 1);
        Assert.Equal([.. RenderSamples.Endpoints, RenderSamples.Mapped, NamedRecords.Case, "batches of 100"], results.Select(result => result.Case));
        Assert.All(results, result => Assert.True(result is { Nanoseconds: > 0, Bytes: > 0, BaselineNanoseconds: > 0, BaselineBytes: > 0 }));
    }

    [Fact(Explicit = true)]
    [Trait(Categories.Name, Categories.Bench)]
    public async Task PreviewReportsLatencies() => Assert.True((await PreviewBench.RunAsync(calls: 3, Repository.DevelopmentBuild)).LatencyMs.P50 > 0);
}
