using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>Records that always fail, at the head of the line: they go into quarantine, and nothing waits for them for long.</summary>
public sealed class BlameTests : StackTest
{
    [Fact]
    public async Task ManyBadOnesInARowDoNotKeepThoseBehindThemWaiting()
    {
        const int bad = 12;
        AlwaysFail("bad", times: 300);
        var good = SampleRecords.Read("5");
        var records = Enumerable.Range(0, bad).Select(number => $$"""{"start":"2026-11-02T09:{{number:00}}:00Z","description":"bad {{number}}"}""").Concat(good);
        await Client.SendAsync(LocalStack.Records, [Array(records)], "entries");
        await Events.WhenAsync(bad + good.Count, Patience);
        Assert.Equal((0, 0), Summary.Compare(good, Ledger.CreatedTimeEntries));
        Assert.Equal(bad, (await GetAsync("quarantine/entries")).GetArrayLength());
    }

    [Fact]
    public async Task WhatWaitsForAnEarlierCallToTheSameObjectHidesNothing()
    {
        const int followers = 450;
        await PutAsync("tags", "updateTag");
        AlwaysFail("bad", times: 20);
        var records = Enumerable.Range(0, followers).Select(number => $$"""{"id":"{{Seed.OnSiteTagId}}","name":"good {{number}}"}""")
            .Prepend($$"""{"id":"{{Seed.OnSiteTagId}}","name":"bad"}""").Append($$"""{"id":"{{Seed.UrgentTagId}}","name":"other"}""");
        await Client.SendAsync(LocalStack.Records, [Array(records)], "tags");
        await Events.WhenAsync(20, Patience);
        Assert.Equal("bad", (await GetAsync("quarantine/tags"))[0].GetProperty("record").GetProperty("name").GetString());
    }

    [Fact]
    public async Task AnObjectThatManyCallsAreForLeavesTheRestOfTheRateToOthers()
    {
        Stack.Simulator!.Faults.Follow(new FaultPlan(new Random(1)) { MinimumLatency = TimeSpan.FromMilliseconds(500), MaximumLatency = TimeSpan.FromMilliseconds(500) });
        await PutAsync("tags", "updateTag");
        await Client.SendAsync(LocalStack.Records, [Array(Enumerable.Range(0, 150).Select(number => $$"""{"id":"{{Seed.OnSiteTagId}}","name":"{{number}}"}"""))], "tags");
        await Client.SendAsync(LocalStack.Records, [Array(SampleRecords.Read("150"))], "entries");
        await Ledger.WhenCreatedAsync(150, Cancel);
        // Of ten calls a second, the object takes two.
        Assert.InRange(Ledger.Count(call => call.Method == "PUT"), 1, 55);
    }

    [Fact]
    public async Task ADestinationWithoutRightsTakesNoMoreCallsThanItHasRecords()
    {
        const int each = 30;
        await PutAsync("foreign", "createTag", workspace: Seed.ForeignWorkspaceId);
        await Client.SendAsync(LocalStack.Records, [Array(Enumerable.Range(0, each).Select(number => $$"""{"name":"tag {{number}}"}"""))], "foreign");
        await Client.SendAsync(LocalStack.Records, [Array(SampleRecords.Read($"{each}"))], "entries");
        await Events.WhenAsync(2 * each, Patience);
        Assert.Equal(each, (await GetAsync("quarantine/foreign")).GetArrayLength());
        Assert.InRange(Ledger.Count(call => call.Path.Contains(Seed.ForeignWorkspaceId, StringComparison.Ordinal)), each, 3 * each);
    }

    private static string Array(IEnumerable<string> records) => $"[{string.Join(',', records)}]";

    private void AlwaysFail(string what, int times)
    {
        for (var time = 0; time < times; time++) Stack.Simulator!.Faults.Next(request => request.Method != "GET" && request.Body.Contains(what, StringComparison.Ordinal), Fault.Answer(500));
    }

    private Task PutAsync(string id, string endpoint, string workspace = Seed.WorkspaceId) =>
        ActivateAsync(id, $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{workspace}}"} }""");
}
