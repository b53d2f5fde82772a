using ClockifyFunctions.Benchmarks.Hostile;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Benchmarks;

[Trait(Categories.Name, Categories.Security)]
public sealed class HostileBenchTests
{
    public static TheoryData<string> Cases => [.. HostileInputs.All.Keys];

    [Theory]
    [Trait(Categories.Name, Categories.Process)]
    [MemberData(nameof(Cases))]
    public async Task AHostileInputUsesLessThan300Megabytes(string name)
    {
        var result = await HostileBench.MeasureAsync(name);
        Assert.True(result.PeakMb < 300, $"{result.PeakMb:0} MB: {result.Refused}");
    }
}
