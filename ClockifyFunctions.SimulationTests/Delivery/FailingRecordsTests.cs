using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>Records that the API always answers with 500 while it accepts others: they are quarantined, and they hardly delay other records.</summary>
public sealed class FailingRecordsTests
{
    private const string Hourly = "10/00:00:01;30/01:00:00";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task ManyFailingRecordsDoNotDelayTheRecordsBehindThem()
    {
        const int failing = 12;
        await using var world = await TestWorld.StartAsync();
        AlwaysFail(world, "bad");
        var good = SampleRecords.Read("6");
        world.SendTogether("entries", Enumerable.Range(0, failing).Select(number => $$"""{"start":"2026-11-02T09:{{number:00}}:00Z","end":"2026-11-02T23:59:00Z","description":"bad {{number}}"}""").Concat(good.SkipLast(1)));
        await world.UntilAsync("the good ones are created", () => world.Ledger.CreatedTimeEntries.Count == good.Count - 1, TimeSpan.FromMinutes(1));
        await ThenSendAsync(world, "entries", good[^1]);
        await world.EventsAsync(failing + good.Count, Day);
        Assert.Equal((0, 0), Summary.Compare(good, world.Ledger.CreatedTimeEntries));
        Assert.Equal(failing, world.Quarantine("entries").Count);
    }

    [Fact]
    public async Task AFailingRecordIsQuarantinedEvenIfManyForTheSameObjectWaitBehindIt()
    {
        const int followers = 450;
        await using var world = await StartWithTagsAsync(""","retry":{"giveUpAfter":"00:02:00"}""");
        AlwaysFail(world, "bad");
        var records = Enumerable.Range(0, followers).Select(number => Tag(Seed.OnSiteTagId, $"good {number}")).Prepend(Tag(Seed.OnSiteTagId, "bad"));
        world.SendTogether("tags", records);
        await ThenSendAsync(world, "tags", Tag(Seed.UrgentTagId, "other"));
        await world.EventsAsync(followers + 2, Day);
        Assert.Equal("bad", Assert.Single(world.Quarantine("tags")).Record!.Value.GetProperty("name").GetString());
    }

    [Fact]
    public async Task AnObjectWithManyCallsDoesNotUseTheRateOfOthers()
    {
        var latency = TimeSpan.FromMilliseconds(500);
        await using var world = await StartWithTagsAsync();
        world.Faults.Follow(new FaultPlan(new Random(1)) { MinimumLatency = latency, MaximumLatency = latency });
        world.SendTogether("tags", Enumerable.Range(0, 150).Select(number => Tag(Seed.OnSiteTagId, $"{number}")));
        world.SendTogether("entries", SampleRecords.Read("150"));
        await world.UntilAsync("all entries are created", () => world.Ledger.CreatedTimeEntries.Count == 150);
        // Calls for one object are made one after the other, so this object uses two of ten calls per second.
        Assert.InRange(world.Ledger.Count(call => call.Method == "PUT"), 1, 55);
    }

    [Fact]
    public async Task AFailingRecordDelaysOnlyRecordsForTheSameObject()
    {
        await using var world = await StartWithTagsAsync();
        AlwaysFail(world, "bad");
        world.Send("tags", Tag(Seed.OnSiteTagId, "bad"), Tag(Seed.OnSiteTagId, "good"));
        await ThenSendAsync(world, "tags", Tag(Seed.UrgentTagId, "other"));
        await world.EventsAsync(3, Day);
        Assert.Equal(["other", "bad", "good"], world.Events.Select(one => JsonDocument.Parse(one.GetProperty("data").GetProperty("request").GetProperty("body").GetString()!).RootElement.GetProperty("name").GetString()));
        // A 500 does not prove that nothing was changed.
        Assert.Equal("unknown", Assert.Single(world.Quarantine("tags")).Kind);
    }

    [Fact]
    public async Task WithThirtyCallsAnHourAFailingRecordIsQuarantinedAndTheOthersAreDelivered()
    {
        await using var world = await TestWorld.StartAsync(new() { Limits = Hourly });
        AlwaysFail(world, "bad");
        world.Send("entries", ["""{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"bad"}""", .. SampleRecords.Read("8")]);
        await world.UntilAsync("the others are created", () => world.Ledger.CreatedTimeEntries.Count == 8, TimeSpan.FromHours(2));
        await world.EventsAsync(9, Day);
        Assert.Equal("bad", Assert.Single(world.Quarantine("entries")).Record!.Value.GetProperty("description").GetString());
        world.AssertLimitsKept();
    }

    /// <summary>Sends a record after the failing ones have been tried. A record is given up only if its destination delivered another record after the first failure.</summary>
    private static async Task ThenSendAsync(TestWorld world, string destination, string record)
    {
        await world.PassAsync(TimeSpan.FromSeconds(30));
        world.Send(destination, record);
    }

    private static async Task<TestWorld> StartWithTagsAsync(string more = "")
    {
        var world = await TestWorld.StartAsync();
        await world.DestinationAsync("tags", $$"""{"credential":"default","endpoint":"updateTag","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"}{{more}}}""");
        return world;
    }

    private static string Tag(string id, string name) => $$"""{"id":"{{id}}","name":"{{name}}"}""";

    private static void AlwaysFail(TestWorld world, string what)
    {
        for (var time = 0; time < 1000; time++) world.Faults.Next(request => request.Method != "GET" && request.Body.Contains(what, StringComparison.Ordinal), Fault.Answer(500));
    }
}
