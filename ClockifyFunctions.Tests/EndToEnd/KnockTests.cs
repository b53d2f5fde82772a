using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.EndToEnd;

public sealed class KnockTests : StackTest
{
    /// <summary>What a person in front of a screen puts up with.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task AnInteractiveCallGetsItsPermitOnABusyKeyAndTheDrainComesBack()
    {
        var records = SampleRecords.Read("120");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Ledger.WhenCreatedAsync(15, Cancel);

        var settings = Some.Settings(Stack.Azurite.ConnectionString);
        var keeper = new GateKeeper(new BlobGateStore(new BlobAccount(settings)), settings, TimeProvider.System, NullLogger<GateKeeper>.Instance);
        var credential = new Credential(LocalStack.Credential, Seed.AdaKey, "X-Api-Key", Stack.Simulator!.BaseAddress, [Some.TenPerSecond]);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        impatient.CancelAfter(Within);
        using var client = new ClockifyClient(TimeProvider.System);
        await using (var gate = Assert.IsType<GateEntry.Entered>(await keeper.KnockAsync(credential, impatient.Token)).Gate)
        {
            var permit = await gate.PermitAsync(impatient.Token);
            var answer = await client.SendAsync(credential, new(HttpMethod.Get, new Uri($"{credential.BaseUrl}/user"), default), Cancel);
            gate.Completed(permit);
            Assert.Equal(200, answer.Status);
        }

        await Events.WhenAsync(120, Patience);
        AssertExactlyOnce(records);
    }
}
