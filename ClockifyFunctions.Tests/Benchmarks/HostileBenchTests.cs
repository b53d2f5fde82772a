using ClockifyFunctions.Benchmarks.Hostile;

namespace ClockifyFunctions.Tests.Benchmarks;

[Trait("Category", "security")]
public sealed class HostileBenchTests
{
    public static TheoryData<string> Cases => [.. HostileInputs.All.Keys];

    [Theory]
    [Trait("Category", "process")]
    [MemberData(nameof(Cases))]
    public async Task AnInputThatIsMadeToFillTheMemoryTakesLessThan300Megabytes(string name)
    {
        var result = await HostileBench.MeasureAsync(name);
        Assert.True(result.PeakMb < 300, $"{result.PeakMb:0} MB: {result.Refused}");
    }
}
