using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

public sealed class FaultTests : StackTest
{
    [Fact]
    public async Task AnAppKilledInTheMiddleOfADrainLosesNothingAndRepeatsNothing()
    {
        var records = SampleRecords.Read("60");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Ledger.WhenCreatedAsync(25, Cancel);
        Stack.Hosts[0].Handler!.Kill();
        await Events.WhenAsync(60, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task AzuriteRestartedInTheMiddleOfADrainLosesNothingAndRepeatsNothing()
    {
        var records = SampleRecords.Read("60");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Ledger.WhenCreatedAsync(15, Cancel);
        await Stack.Azurite.StopProcessAsync();
        await Stack.Azurite.StartProcessAsync(Cancel);
        await Events.WhenAsync(60, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task WhileTheApiIsDownTheRecordsWait()
    {
        var records = SampleRecords.Read("30");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Ledger.WhenCreatedAsync(10, Cancel);
        await Stack.Simulator!.StopListeningAsync();
        // The drain gives up for now and leaves a ticket for later.
        await Eventually.TrueAsync("a ticket for later", () => Task.FromResult(Stack.Bus.Queue(LocalStack.Drain).Counts.Scheduled > 0), Patience);
        await Stack.Simulator.StartListeningAsync();
        await Events.WhenAsync(30, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ARefusedKeyIsSuspendedUntilAPersonResumesIt()
    {
        var records = SampleRecords.Read("4");
        Stack.Simulator!.Revoke(Seed.Key);
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Eventually.TrueAsync("the credential is suspended", async () => (await GetAsync("destinations/entries/status")).TryGetProperty("suspended", out _), Patience);
        Assert.Contains("401", (await GetAsync("destinations/entries/status")).GetProperty("suspended").GetString(), StringComparison.Ordinal);
        Assert.Empty(Events.All);

        Stack.Simulator.Unrevoke(Seed.Key);
        (await Stack.Api.PostAsync("credentials/default/resume", null, Cancel)).EnsureSuccessStatusCode();
        await Events.WhenAsync(4, Patience);
        AssertExactlyOnce(records);
    }

    [Theory]
    [InlineData((int)Fault.DropAfter)]
    [InlineData((int)Fault.DropBefore)]
    [InlineData((int)Fault.ErrorAfterApplying)]
    [InlineData((int)Fault.BadGateway)]
    public async Task ALostAnswerIsVerifiedBeforeTheRecordIsSentAgain(int fault)
    {
        var records = SampleRecords.Read("8");
        Stack.Simulator!.Faults.Next((Fault)fault, request => request.Method == "POST");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Events.WhenAsync(8, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task AThrottledCallPausesTheKeyAndTheRecordKeepsItsTurn()
    {
        var records = SampleRecords.Read("8");
        Stack.Simulator!.Faults.Next(Fault.Throttle);
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Events.WhenAsync(8, Patience);
        Assert.Equal((0, 0), Summary.Compare(records, Ledger.Created));
        Assert.All(Events.All, response => Assert.Equal(1, response.GetProperty("data").GetProperty("attempts").GetInt32()));
    }
}
