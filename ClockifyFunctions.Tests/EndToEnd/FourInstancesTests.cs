using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.EndToEnd;

public sealed class FourInstancesTests : StackTest
{
    internal override LocalStackOptions Options => base.Options with { Hosts = 4 };

    [Fact]
    public async Task FourInstancesShareOneKeyWithoutExceedingItsLimit()
    {
        var records = SampleRecords.Read("60");
        foreach (var part in records.Chunk(15)) await Client.SendAsync(LocalStack.Records, part, "entries");
        await Events.WhenAsync(60, Patience);
        AssertExactlyOnce(records);
    }
}
