using ClockifyFunctions.Configuration;
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
    /// <summary>No sweep helps along.</summary>
    internal override LocalStackOptions Options => new() { SweepSchedule = "0 0 0 1 1 *", Simulator = new SimulatorOptions { InventedRetryAfter = TimeSpan.FromSeconds(14) } };

    /// <summary>What a person in front of a screen puts up with.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task AnInteractiveCallGetsItsPermitOnABusyKeyAndTheDrainComesBack()
    {
        var records = SampleRecords.Read("120");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Ledger.WhenCreatedAsync(15, Cancel);

        var credential = new Credential(LocalStack.Credential, Seed.AdaKey, "X-Api-Key", Stack.Simulator!.BaseAddress, [Some.TenPerSecond]);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        impatient.CancelAfter(Within);
        using var client = new ClockifyClient(TimeProvider.System);
        await using (var gate = Assert.IsType<GateEntry.Entered>(await Keeper().KnockAsync(credential, impatient.Token)).Gate)
        {
            var permit = await gate.PermitAsync(impatient.Token);
            var answer = await client.SendAsync(credential, new(HttpMethod.Get, new Uri($"{credential.BaseUrl}/user"), default), Cancel);
            gate.Completed(permit);
            Assert.Equal(200, answer.Status);
        }

        await Events.WhenAsync(120, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ARecordThatWaitsForABetterMomentDoesNotKeepTheGate()
    {
        var records = SampleRecords.Read("1");
        Stack.Simulator!.Faults.Next(Fault.TooManyRequests);
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Eventually.TrueAsync("the key pauses", () => Task.FromResult(Ledger.Responses429 > 0), Patience);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        impatient.CancelAfter(Within);
        await Assert.IsType<GateEntry.Entered>(await Keeper().KnockAsync(Written.Credential(), impatient.Token)).Gate.DisposeAsync();

        await Events.WhenAsync(1, Patience);
        Assert.Equal((0, 0), Summary.Compare(records, Ledger.CreatedTimeEntries));
        Assert.Equal(1, Ledger.Responses429);
    }

    [Fact]
    public async Task RecordsThatCameDuringAnInteractiveCallAreSentAfterIt()
    {
        var records = SampleRecords.Read("3");
        Stack.Simulator!.Faults.Next(request => request.Method == "GET", Fault.Late(TimeSpan.FromSeconds(3)));
        var check = Stack.Api.PostAsync("credentials/default/check", null, Cancel);
        await Eventually.TrueAsync("the call is under way", () => Task.FromResult(Stack.Simulator.Faults.Pending == 0), Patience);
        await Client.SendAsync(LocalStack.Records, records, "entries");
        (await check).EnsureSuccessStatusCode();
        await Events.WhenAsync(3, Patience);
        AssertExactlyOnce(records);
    }

    private GateKeeper Keeper()
    {
        var settings = Some.Settings(Stack.Azurite.ConnectionString);
        return new GateKeeper(new BlobGateStore(new BlobAccount(settings)), settings, TimeProvider.System, NullLogger<GateKeeper>.Instance);
    }
}
