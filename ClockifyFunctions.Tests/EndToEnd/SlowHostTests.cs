using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>One key with a high limit, and beside the API a host of its owner's that takes long for each answer.</summary>
public sealed class SlowHostTests : StackTest
{
    private readonly BatchServer _server = new() { Latency = TimeSpan.FromSeconds(6) };

    internal override LocalStackOptions Options => new()
    {
        Permits = 50,
        ExtraSettings = new Dictionary<string, string> { [$"Credentials__{LocalStack.Credential}__AllowedHosts"] = _server.Authority },
    };

    [Fact]
    public async Task WhatWaitsForASlowHostKeepsNoOtherDestinationWaiting()
    {
        await ActivateAsync("slow", $$"""{"credential":"default","method":"PUT","url":"http://{{_server.Authority}}/items/{record.n}","batching":{"size":1} }""");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', Enumerable.Range(0, 300).Select(n => $"{{\"n\":{n}}}"))}]"], "slow");
        await Eventually.TrueAsync("it has used all its slots, and some again", () => Task.FromResult(_server.Requests.Count > 50), Patience);
        var records = SampleRecords.Read("5");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', records)}]"], "entries");
        // A turn of the slow one's lasts for half a minute.
        await Eventually.TrueAsync("the other destination is served", () => Task.FromResult(Ledger.CreatedTimeEntries.Count == records.Count), TimeSpan.FromSeconds(12));
        Assert.True(_server.Taken.Count < 150, "The slow one was done before.");
    }
}
