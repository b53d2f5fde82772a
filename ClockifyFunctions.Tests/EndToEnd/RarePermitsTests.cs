using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A key that may make thirty calls an hour.</summary>
public sealed class RarePermitsTests : StackTest
{
    private const int PerHour = 30;

    internal override LocalStackOptions Options => new()
    {
        ExtraSettings = new Dictionary<string, string> { [$"Credentials__{LocalStack.Credential}__Limits"] = $"10/00:00:01;{PerHour}/01:00:00" },
    };

    [Fact]
    public async Task ARecordThatFailsAgainAndAgainIsToldApartByTheOthers()
    {
        var bad = """{"start":"2026-11-02T09:00:00Z","description":"bad"}""";
        for (var time = 0; time < PerHour; time++) Stack.Simulator!.Faults.Next(request => request.Body.Contains("bad", StringComparison.Ordinal), Fault.Answer(500));
        await Client.SendAsync(LocalStack.Records, [bad, .. SampleRecords.Read("8")], "entries");
        await Events.WhenAsync(9, Patience);
        Assert.Equal(8, Ledger.CreatedTimeEntries.Count);
        Assert.Equal("bad", (await GetAsync("quarantine/entries"))[0].GetProperty("record").GetProperty("description").GetString());
    }
}
