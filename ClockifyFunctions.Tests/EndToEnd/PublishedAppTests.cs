using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>The published app behaves like the development build. <c>./build.sh test</c> publishes it first.</summary>
public sealed class PublishedAppTests : StackTest
{
    internal override LocalStackOptions Options => base.Options with { ScriptRoot = Repository.PublishedBuild };

    [Fact]
    public async Task ThePublishedAppDeliversAndRecoversFromAKill()
    {
        var records = SampleRecords.Read("110");
        await Client.SendAsync(LocalStack.Records, records.Take(100), "entries");
        await Ledger.WhenCreatedAsync(15, Cancel);
        Stack.Hosts[0].Worker!.Kill();
        await Client.SendAsync(LocalStack.Records, records.Skip(100), "entries");
        await Events.WhenAsync(110, Patience);
        AssertExactlyOnce(records);
    }
}
