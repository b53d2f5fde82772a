using System.Text;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>The answer is lost after the call had its effect; what is true is read and not guessed.</summary>
public sealed class ReadBackTests : StackTest
{
    internal override LocalStackOptions Options => new() { Simulator = new SimulatorOptions { AddonWindows = [], InventedRetryAfter = TimeSpan.FromSeconds(10) } };

    [Theory]
    [InlineData("createProject", """{"name":"Harbour","clientId":"66f1a0c2b7d14e3a9c5d0c01"}""")]
    [InlineData("createTask", """{"name":"Dredging"}""")]
    [InlineData("createClient", """{"name":"Port & Co"}""")]
    [InlineData("createTag", """{"name":"night shift"}""")]
    public async Task ALostCreateOfANamedThingIsFoundByItsName(string endpoint, string record)
    {
        await PutAsync("named", endpoint, endpoint == "createTask" ? $@",""projectId"":""{Seed.WebsiteProjectId}""" : "");
        Stack.Simulator!.Faults.Next(request => request.Method == "POST", Fault.DropAfterApplying);
        await Client.SendAsync(LocalStack.Records, [record], "named");
        await Events.WhenAsync(1, Patience);

        var data = Assert.Single(Events.All).GetProperty("data");
        Assert.Equal(("delivered", true), (data.GetProperty("outcome").GetString(), data.GetProperty("verified").GetBoolean()));
        Assert.Equal(1, Ledger.Count(call => call.Method == "POST"));
    }

    [Fact]
    public async Task WhatTakesEffectAfterItWasGivenUpIsNotSentAgain()
    {
        Stack.Simulator!.Faults.Next(request => request.Method == "POST", Fault.DropThenApply(TimeSpan.FromSeconds(4)));
        await Client.SendAsync(LocalStack.Records, ["{\"start\":\"2026-11-02T09:00:00Z\",\"description\":\"slow\"}"], "entries");
        await Events.WhenAsync(1, Patience);
        Assert.True(Assert.Single(Events.All).GetProperty("data").GetProperty("verified").GetBoolean());
        Assert.Equal(1, Ledger.Count(call => call.Method == "POST"));
    }

    [Fact]
    public async Task WhatTakesEffectAfterAnotherDrainHasTakenOverIsNotSentAgainEither()
    {
        // The intent is old when the call is given up.
        Stack.Simulator!.Faults.Next(request => request.Method == "POST", Fault.TooManyRequests);
        Stack.Simulator!.Faults.Next(request => request.Method == "POST", Fault.DropThenApply(TimeSpan.FromSeconds(8)));
        await Client.SendAsync(LocalStack.Records, ["{\"start\":\"2026-11-02T09:00:00Z\",\"description\":\"slow\"}"], "entries");
        await Eventually.TrueAsync("it was sent", () => Task.FromResult(Stack.Simulator.Faults.Pending == 0), Patience);
        (await Stack.Api.PostAsync($"credentials/{LocalStack.Credential}/check", null, Cancel)).EnsureSuccessStatusCode();
        await Events.WhenAsync(1, Patience);
        Assert.Equal(2, Ledger.Count(call => call.Method == "POST")); // The one that was throttled, and the one that was given up.
    }

    [Fact]
    public async Task AmongManyEntriesOfOneDescriptionTheLostOneIsFound()
    {
        // More than one page of 200, and far more than an event could carry.
        var records = Enumerable.Range(0, 230).Select(number => $$"""{"start":"2026-11-02T{{number / 60:00}}:{{number % 60:00}}:00Z","description":"stand-up"}""").ToArray();
        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Addon-Token", Seed.AddonToken } } };
        foreach (var record in records[..229])
        {
            using var answer = await http.PostAsync(new Uri($"{Stack.Simulator!.BaseAddress}/workspaces/{Seed.WorkspaceId}/time-entries"), new StringContent(record, Encoding.UTF8, "application/json"), Cancel);
            answer.EnsureSuccessStatusCode();
        }

        Stack.Simulator!.Faults.Next(request => request.Method == "POST", Fault.DropAfterApplying);
        await Client.SendAsync(LocalStack.Records, [records[229]], "entries");
        await Events.WhenAsync(1, Patience);
        Assert.True(Assert.Single(Events.All).GetProperty("data").GetProperty("verified").GetBoolean());
        Assert.Equal(230, Ledger.CreatedTimeEntries.Count);
    }

    [Theory]
    [InlineData(200, "clockify.call.delivered")] // No list of entries: asked again.
    [InlineData(400, "clockify.call.unknown")] // It will say the same again.
    public async Task AnAnswerToTheReadingThatTellsNothingIsNoAnswerToTheRecord(int status, string type)
    {
        await PutAsync("named", "createTag", "");
        Stack.Simulator!.Faults.Next(request => request.Method == "POST", Fault.DropAfterApplying);
        Stack.Simulator!.Faults.Next(request => request.Method == "GET", Fault.Answer(status));
        await Client.SendAsync(LocalStack.Records, ["""{"name":"night shift"}"""], "named");
        await Events.WhenAsync(1, Patience);
        Assert.Equal(type, Assert.Single(Events.All).GetProperty("type").GetString());
        Assert.Equal(1, Ledger.Count(call => call.Method == "POST"));
    }

    [Theory]
    [InlineData(true, "clockify.call.unknown")]
    [InlineData(false, "clockify.call.rejected")]
    public async Task AStopThatMayHaveTakenEffectIsNotSaidToBeRefusedForWhatItDid(bool wasRunning, string type)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Api-Key", Seed.AdaKey } } };
        if (wasRunning) (await http.PostAsync(new Uri($"{Stack.Simulator!.BaseAddress}/workspaces/{Seed.WorkspaceId}/time-entries"), new StringContent("""{"start":"2026-11-02T09:00:00Z"}""", Encoding.UTF8, "application/json"), Cancel)).EnsureSuccessStatusCode();
        await PutAsync("stops", "stopTimer", $@",""userId"":""{Seed.AdaUserId}""");
        if (wasRunning) Stack.Simulator!.Faults.Next(request => request.Method == "PATCH", Fault.ApplyThenAnswer(502));
        await Client.SendAsync(LocalStack.Records, ["""{"end":"2026-11-02T10:00:00Z"}"""], "stops");
        await Events.WhenAsync(1, Patience);
        var data = Assert.Single(Events.All);
        Assert.Equal((type, 404), (data.GetProperty("type").GetString(), data.GetProperty("data").GetProperty("response").GetProperty("status").GetInt32()));
        Assert.Equal(1, (await GetAsync("quarantine/stops")).GetArrayLength());
    }

    [Fact]
    public async Task ThatItMayHaveTakenEffectIsKnownToTheNextDrainToo()
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Api-Key", Seed.AdaKey } } };
        (await http.PostAsync(new Uri($"{Stack.Simulator!.BaseAddress}/workspaces/{Seed.WorkspaceId}/time-entries"), new StringContent("""{"start":"2026-11-02T09:00:00Z"}""", Encoding.UTF8, "application/json"), Cancel)).EnsureSuccessStatusCode();
        await PutAsync("stops", "stopTimer", $@",""userId"":""{Seed.AdaUserId}""");
        Stack.Simulator.Faults.Next(request => request.Method == "PATCH", Fault.ApplyThenAnswer(502));
        for (var more = 0; more < 3; more++) Stack.Simulator.Faults.Next(request => request.Method == "PATCH", Fault.Answer(502));
        await Client.SendAsync(LocalStack.Records, ["""{"end":"2026-11-02T10:00:00Z"}"""], "stops");
        await Eventually.TrueAsync("it was sent", () => Task.FromResult(Stack.Simulator.Faults.Pending < 4), Patience);
        (await Stack.Api.PostAsync($"credentials/{LocalStack.Credential}/check", null, Cancel)).EnsureSuccessStatusCode();
        await Events.WhenAsync(1, Patience);
        Assert.Equal("clockify.call.unknown", Assert.Single(Events.All).GetProperty("type").GetString());
    }

    [Fact]
    public async Task ThatLaterCallsDidNotArriveSaysNothingOfTheFirstOne()
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Api-Key", Seed.AdaKey } } };
        (await http.PostAsync(new Uri($"{Stack.Simulator!.BaseAddress}/workspaces/{Seed.WorkspaceId}/time-entries"), new StringContent("""{"start":"2026-11-02T09:00:00Z"}""", Encoding.UTF8, "application/json"), Cancel)).EnsureSuccessStatusCode();
        await PutAsync("stops", "stopTimer", $@",""userId"":""{Seed.AdaUserId}""");
        Stack.Simulator.Faults.Next(request => request.Method == "PATCH", Fault.DropAfterApplying);
        await Client.SendAsync(LocalStack.Records, ["""{"end":"2026-11-02T10:00:00Z"}"""], "stops");
        await Eventually.TrueAsync("it was sent", () => Task.FromResult(Stack.Simulator.Faults.Pending == 0), Patience);
        await Stack.Simulator.StopListeningAsync(Cancel);
        await Eventually.TrueAsync("the drain has given up", IsStalledAsync, Patience);
        await Stack.Simulator.StartListeningAsync(Cancel);
        await Events.WhenAsync(1, Patience);
        Assert.Equal("clockify.call.unknown", Assert.Single(Events.All).GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("deleteTag", Seed.OnSiteTagId, "", "clockify.call.delivered")]
    [InlineData("deleteTag", Seed.OnSiteTagId, ""","whenGone":"rejected" """, "clockify.call.rejected")]
    public async Task ADeleteOfWhatIsGoneCountsAsTheDestinationSays(string endpoint, string id, string more, string type)
    {
        await PutAsync("deletes", endpoint, "", more);
        await Client.SendAsync(LocalStack.Records, [$$"""{"id":"{{id}}"}"""], "deletes");
        await Events.WhenAsync(1, Patience);
        await Client.SendAsync(LocalStack.Records, [$$"""{"id":"{{id}}"}"""], "deletes");
        await Events.WhenAsync(2, Patience);
        Assert.Equal(["clockify.call.delivered", type], Events.All.Select(one => one.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task WhenItCannotBeReadWhetherItIsGoneTheDeleteIsTriedAgain()
    {
        await PutAsync("deletes", "deleteTag", "");
        await Client.SendAsync(LocalStack.Records, [$$"""{"id":"{{Seed.OnSiteTagId}}"}"""], "deletes");
        await Events.WhenAsync(1, Patience);
        Stack.Simulator!.Faults.Next(request => request.Method == "GET", Fault.Answer(502));
        await Client.SendAsync(LocalStack.Records, [$$"""{"id":"{{Seed.OnSiteTagId}}"}"""], "deletes");
        await Events.WhenAsync(2, Patience);
        Assert.All(Events.All, one => Assert.Equal("clockify.call.delivered", one.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task ADeleteThatIsRefusedForAnotherReasonIsNotTakenForGone()
    {
        await PutAsync("deletes", "deleteProject", "");
        await Client.SendAsync(LocalStack.Records, [$$"""{"id":"{{Seed.WebsiteProjectId}}"}"""], "deletes");
        await Events.WhenAsync(1, Patience);
        Assert.Equal("clockify.call.rejected", Assert.Single(Events.All).GetProperty("type").GetString());
    }

    private Task PutAsync(string id, string endpoint, string moreInputs, string more = "") =>
        ActivateAsync(id, $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"{{moreInputs}}}{{more}}}""");
}
