using ClockifyFunctions.Configuration;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>One key with a high limit, and beside the API a host of its owner's that takes eight seconds for each answer, and gives five a second when its slots are used.</summary>
public sealed class SlowHostTests : StackTest
{
    private const int Slots = 40;

    private readonly BatchServer _server = new() { Latency = static n => TimeSpan.FromSeconds(n < Slots ? 0.2 * (n + 1) : 8) };

    internal override LocalStackOptions Options => new()
    {
        Permits = 50,
        ExtraSettings = new Dictionary<string, string> { [$"Credentials__{LocalStack.Credential}__AllowedHosts"] = $"http://{_server.Authority}" },
    };

    [Fact]
    public async Task WhatWaitsForASlowHostKeepsNoOtherDestinationWaiting()
    {
        await SlowAsync("slow");
        await Client.SendAsync(LocalStack.Records, [Records(Enumerable.Range(0, 300))], "slow");
        await Eventually.TrueAsync("it has used all its slots, and some again", () => Task.FromResult(_server.Requests.Count > Slots + 5), Patience);
        var records = SampleRecords.Read("5");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', records)}]"], "entries");
        // A turn of the slow one's lasts for half a minute.
        await Eventually.TrueAsync("the other destination is served", () => Task.FromResult(Ledger.CreatedTimeEntries.Count == records.Count), TimeSpan.FromSeconds(12));
        Assert.True(_server.Requests.Count < 200, "The slow one was done before.");
    }

    [Fact]
    public async Task ACallThatWaitsForItsLaneIsNotOvertakenByAnotherDestinationsToTheSameObject()
    {
        await SlowAsync("slow");
        await SlowAsync("other");
        const int first = 100, second = 1100;
        await Client.SendAsync(LocalStack.Records, [Records(Enumerable.Range(0, first + 1))], "slow");
        await Eventually.TrueAsync("it has used all its slots", () => Task.FromResult(_server.Requests.Count >= Slots), Patience);
        await Client.SendAsync(LocalStack.Records, [Records([second])], "other");
        await Eventually.TrueAsync("both were sent", () => Task.FromResult(Sent(first) && Sent(second)), Patience);
        // Not before the first one was answered.
        Assert.Contains(first, _server.Taken);
        Assert.Equal([first, second], _server.Requests.Select(numbers => numbers[0]).Where(n => n is first or second));
    }

    private bool Sent(int number) => _server.Requests.Any(numbers => numbers[0] == number);

    private Task SlowAsync(string id) =>
        ActivateAsync(id, $$"""{"credential":"default","method":"PUT","url":"http://{{_server.Authority}}/items/{record.object}","batching":{"size":1} }""");

    /// <summary>A thousand objects.</summary>
    private static string Records(IEnumerable<int> numbers) => $"[{string.Join(',', numbers.Select(n => $"{{\"n\":{n},\"object\":{n % 1000}}}"))}]";
}
