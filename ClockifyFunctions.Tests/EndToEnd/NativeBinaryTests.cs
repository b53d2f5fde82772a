using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>Smoke: the published native binary does the same job. <c>./build.sh test</c> publishes it first.</summary>
public sealed class NativeBinaryTests : StackTest
{
    internal override LocalStackOptions Options => base.Options with { ScriptRoot = Repository.NativeBuild };

    [Fact]
    public async Task ThePublishedBinaryDeliversAndRecoversFromAKill()
    {
        var records = SampleRecords.Read("40");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Ledger.WhenCreatedAsync(15, Cancel);
        Stack.Hosts[0].Worker!.Kill();
        await Events.WhenAsync(40, Patience);
        AssertExactlyOnce(records);
    }
}
