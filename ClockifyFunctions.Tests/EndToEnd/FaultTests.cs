using System.Text;
using System.Text.Json;
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
        Stack.Hosts[0].Worker!.Kill();
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
    public async Task AnAppThatHasJustStartedAnswersThatItLivesWithoutAKeyAndWithoutStorage()
    {
        using var keyless = new HttpClient { BaseAddress = Stack.Api.BaseAddress };
        await Stack.Azurite.StopProcessAsync();
        Stack.Hosts[0].Worker!.Kill();
        await Eventually.TrueAsync("it lives", async () => (await keyless.GetAsync("health/live", Cancel)).IsSuccessStatusCode, Patience);
        Assert.Equal(401, (int)(await keyless.GetAsync("health/ready", Cancel)).StatusCode);
        await Stack.Azurite.StartProcessAsync(Cancel);
    }

    [Fact]
    public async Task TicketsThatAreJunkOrDoubledDoNoHarm()
    {
        var records = SampleRecords.Read("20");
        string[] tickets = ["{ not JSON", "7", "{}", """{"credential":7}""", """{"credential":"nobody"}""", """{"credential":"default"}""", """{"credential":"default"}"""];
        await Client.SendAsync(LocalStack.Drain, tickets, tag: null);
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Client.SendAsync(LocalStack.Drain, tickets, tag: null);
        await Events.WhenAsync(20, Patience);
        AssertExactlyOnce(records);
        await Eventually.TrueAsync("every ticket is done with", () => Task.FromResult(Stack.Bus.Queue(LocalStack.Drain).Counts is { Active: 0, Locked: 0, DeadLettered: 0 }), Patience);
    }

    [Fact]
    public async Task ARefusedKeyIsSuspendedUntilAPersonResumesIt()
    {
        var records = SampleRecords.Read("4");
        Stack.Simulator!.RevokeKey(Seed.AdaKey);
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Eventually.TrueAsync("the credential is suspended", async () => (await GetAsync("destinations/entries/status")).GetProperty("condition").GetProperty("kind").GetString() == "stopped", Patience);
        Assert.Equal("Clockify does not know this API key (status 401, code 4003).", (await GetAsync("destinations/entries/status")).GetProperty("condition").GetProperty("reason").GetString());
        Assert.Empty(Events.All);

        Stack.Simulator.UnrevokeKey(Seed.AdaKey);
        (await Stack.Api.PostAsync("credentials/default/resume", null, Cancel)).EnsureSuccessStatusCode();
        await Events.WhenAsync(4, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ADestinationWithoutRightsDoesNotSuspendAKeyThatIsGood()
    {
        await StartCommand.CreateDestinationAsync(Stack, "absent", Seed.ForeignWorkspaceId, Cancel);
        await Client.SendAsync(LocalStack.Records, SampleRecords.Read("20"), "absent");
        await Events.WhenAsync(20, Patience);
        Assert.All(Events.All, one => Assert.Equal("clockify.call.failed", one.GetProperty("type").GetString()));

        var records = SampleRecords.Read("5");
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Events.WhenAsync(25, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ARecordThatFailsKeepsOnlyThoseForTheSameObjectWaiting()
    {
        await ActivateAsync("tags", $$"""{"credential":"default","endpoint":"updateTag","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"} }""");
        for (var time = 0; time < 50; time++) Stack.Simulator!.Faults.Next(request => request.Body.Contains("bad", StringComparison.Ordinal), Fault.Answer(500));
        await Client.SendAsync(
            LocalStack.Records, [$$"""{"id":"{{Seed.OnSiteTagId}}","name":"bad"}""", $$"""{"id":"{{Seed.OnSiteTagId}}","name":"good"}""", $$"""{"id":"{{Seed.UrgentTagId}}","name":"other"}"""], "tags");
        await Events.WhenAsync(3, Patience);
        Assert.Equal(["other", "bad", "good"], Events.All.Select(one => JsonDocument.Parse(one.GetProperty("data").GetProperty("request").GetProperty("body").GetString()!).RootElement.GetProperty("name").GetString()));
        Assert.Equal("failed", Assert.Single((await GetAsync("quarantine/tags")).EnumerateArray()).GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData(nameof(Fault.DropAfterApplying))]
    [InlineData(nameof(Fault.DropBeforeApplying))]
    [InlineData(nameof(Fault.ApplyThenAnswer))]
    [InlineData(nameof(Fault.Answer))]
    public async Task ALostAnswerIsVerifiedBeforeTheRecordIsSentAgain(string fault)
    {
        var records = SampleRecords.Read("8");
        Stack.Simulator!.Faults.Next(request => request.Method == "POST", fault switch
        {
            nameof(Fault.DropAfterApplying) => Fault.DropAfterApplying,
            nameof(Fault.DropBeforeApplying) => Fault.DropBeforeApplying,
            nameof(Fault.ApplyThenAnswer) => Fault.ApplyThenAnswer(500),
            _ => Fault.Answer(502),
        });
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Events.WhenAsync(8, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task WhatTheApiSaysOfItselfIsBelievedAtOnce()
    {
        var records = SampleRecords.Read("3");
        Stack.Simulator!.Faults.Next(request => request.Method == "POST", Fault.Answer(500));
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Events.WhenAsync(3, Patience);
        AssertExactlyOnce(records);
        // It is looked for once, and not again ten seconds later.
        Assert.Equal(1, Ledger.Count(call => call.Method == "GET" && call.Path.EndsWith("/time-entries", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AThrottledCallPausesTheKeyAndTheRecordKeepsItsTurn()
    {
        var records = SampleRecords.Read("8");
        Stack.Simulator!.Faults.Next(Fault.TooManyRequests);
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Events.WhenAsync(8, Patience);
        Assert.Equal((0, 0), Summary.Compare(records, Ledger.CreatedTimeEntries));
        Assert.All(Events.All, response => Assert.Equal(1, response.GetProperty("data").GetProperty("attempts").GetInt32()));
    }
}
