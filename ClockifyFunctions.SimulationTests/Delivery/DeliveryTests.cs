using System.Text;
using System.Text.Json;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>Delivery without faults: from a message to a time entry, an event or a quarantine entry.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task RecordsBecomeTimeEntriesAndInvalidOnesAreQuarantinedWithTheirReason()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("12");
        world.Send("entries", "{ this is not JSON", "42", "[1]");
        world.Send(null, """{"a":1}""");
        world.Send("nowhere", """{"a":2}""");
        world.Send("entries", records.Take(6));
        world.SendTogether("entries", records.Skip(6));
        world.Send("entries", """{"start":"2026-11-02T10:00:00Z","end":"2026-11-02T11:00:00Z","description":"of an unknown tag","tagIds":["66f1a0c2b7d14e3a9c5d0fff"]}""");
        await world.EventsAsync(13);

        world.AssertExactlyOnce(records);
        var rejected = Assert.Single(world.Events, response => response.GetProperty("type").GetString() == "clockify.call.rejected");
        Assert.Equal(400, rejected.GetProperty("data").GetProperty("response").GetProperty("status").GetInt32());
        Assert.All(world.Events, response => Assert.Equal("1.0", response.GetProperty("specversion").GetString()));
        Assert.DoesNotContain(world.Events, response => response.GetRawText().Contains(Seed.AdaKey, StringComparison.Ordinal));

        Assert.Equal(["rejected", "unreadable", "unreadable", "unreadable"], world.Quarantine("entries").Select(entry => entry.Kind).Order());
        Assert.Contains(world.Quarantine("entries"), entry => entry.Reason.Contains("Clockify answered 400 (code 501)", StringComparison.Ordinal));
        var unrouted = world.Quarantine(QuarantineStore.Unrouted).Select(entry => entry.Reason).ToArray();
        Assert.Equal(2, unrouted.Length);
        Assert.Contains(unrouted, reason => reason.Contains("names no destination", StringComparison.Ordinal));
        Assert.Contains(unrouted, reason => reason.Contains("'nowhere' does not exist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMessageCanNameItsDestinationBySessionIdOrCarryTheConfig()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("2");
        world.Bus.Records.Send(Message(records[0], new Properties { GroupId = "entries" }));
        var config = $$$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{{Seed.WorkspaceId}}}"}}""";
        world.Bus.Records.Send(Message(records[1], new Properties(), ("destinationConfig", config)));
        await world.EventsAsync(2);

        world.AssertExactlyOnce(records);
        Assert.Contains(world.Events, response => response.GetProperty("data").GetProperty("destination").GetString()!.StartsWith("inline-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task APausedDestinationKeepsItsRecordsUntilItIsActivated()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("3");
        await world.PauseAsync("entries");
        world.Send("entries", records);
        await world.UntilAsync("the records wait", () => world.Waiting("entries") == 3);
        await world.PassAsync(TimeSpan.FromHours(1));
        Assert.Empty(world.Ledger.Calls);

        await world.ActivateAsync("entries");
        await world.EventsAsync(3);
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task UpdatesOfOneEntryArriveInOrderEvenIfOneOfThemIsSlow()
    {
        await using var world = await TestWorld.StartAsync();
        world.Send("entries", SampleRecords.Read("1"));
        await world.EventsAsync(1);
        var entry = Assert.Single(world.Ledger.CreatedTimeEntries);
        await world.DestinationAsync("updates", $$$"""{"credential":"default","endpoint":"updateTimeEntry","inputs":{"workspaceId":"{{{Seed.WorkspaceId}}}"}}""");

        world.Faults.Next(request => request.Method == "PUT", Fault.Late(TimeSpan.FromSeconds(1)));
        world.Send("updates", Enumerable.Range(1, 4).Select(number => $$"""{"id":"{{entry.Id}}","start":"2026-11-02T08:00:00Z","end":"2026-11-02T23:59:00Z","description":"version {{number}}"}"""));
        await world.EventsAsync(5);

        var stored = await world.CallAsync(HttpMethod.Get, $"/workspaces/{Seed.WorkspaceId}/time-entries/{entry.Id}");
        Assert.Equal("version 4", JsonDocument.Parse(stored).RootElement.GetProperty("description").GetString());
    }

    [Fact]
    public async Task UnreadableAndDuplicateTicketsAreHarmless()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("20");
        string[] tickets = ["{ not JSON", "7", "{}", """{"credential":7}""", """{"credential":"nobody"}""", """{"credential":"default"}""", """{"credential":"default"}"""];
        foreach (var ticket in tickets) world.Bus.Drain.Send(Message(ticket, new Properties()));
        world.Send("entries", records);
        foreach (var ticket in tickets) world.Bus.Drain.Send(Message(ticket, new Properties()));
        await world.EventsAsync(20);
        world.AssertExactlyOnce(records);
        await world.UntilAsync("every ticket is redeemed", () => world.Bus.Drain.Counts is { Active: 0, Locked: 0, DeadLettered: 0 });
    }

    [Fact]
    public async Task AnInvalidRecordIsQuarantinedWithoutACallAndTheOthersContinue()
    {
        await using var world = await TestWorld.StartAsync();
        world.Send("entries", """{"start":"2026-11-02T10:00:00","end":"2026-11-02T23:59:00"}""", """{"start":"2026-11-02T10:00:00Z","end":"2026-11-02T23:59:00Z","description":"fine"}""");
        await world.EventsAsync(1);
        await world.UntilAsync("the invalid one is quarantined", () => world.Quarantine("entries").Count == 1);

        var entry = world.Quarantine("entries")[0];
        Assert.Equal("invalid", entry.Kind);
        Assert.Contains("$.start", entry.Reason);
        Assert.Single(world.Ledger.Calls);
    }

    [Fact]
    public async Task AChangeOfADestinationAppliesWhileItSends()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("150");
        world.Send("entries", records);
        await world.UntilAsync("10 are created", () => world.Ledger.CreatedTimeEntries.Count >= 10);
        await world.DestinationAsync("entries", $$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"excludeAttributes":["billable"]}""");
        await world.EventsAsync(records.Count);
        world.AssertExactlyOnce(records);
        var asBefore = world.Events.Count(one => one.GetProperty("data").GetProperty("request").GetProperty("body").GetString()!.Contains("\"billable\"", StringComparison.Ordinal));
        // The records that were read before the change, and those of the five seconds for which a config is cached.
        Assert.InRange(asBefore, 1, records.Count(record => record.Contains("\"billable\"", StringComparison.Ordinal)) * 3 / 4);
    }

    [Fact]
    public async Task AProjectIsArchivedAndThenDeletedAndAnUpdateIsMerged()
    {
        await using var world = await TestWorld.StartAsync();
        await world.DestinationAsync("gone", $$"""{"credential":"default","endpoint":"deleteProject","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"archiveFirst":true}""");
        await world.DestinationAsync("tags", $$"""{"credential":"default","endpoint":"updateTag","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"updateMode":"merge","idFrom":"tag"}""");
        world.Send("gone", $$"""{"id":"{{Seed.WebsiteProjectId}}"}""");
        world.Send("tags", $$"""{"tag":"{{Seed.OnSiteTagId}}","archived":true}""");
        await world.EventsAsync(2);

        Assert.All(world.Events, response => Assert.Equal("clockify.call.delivered", response.GetProperty("type").GetString()));
        Assert.Equal(5, world.Ledger.Calls.Count);
    }

    private static Message Message(string body, Properties properties, params (string Name, string Value)[] application)
    {
        var message = new Message { Properties = properties, ApplicationProperties = new ApplicationProperties(), BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) } };
        properties.MessageId = Guid.NewGuid().ToString();
        foreach (var (name, value) in application) message.ApplicationProperties[name] = value;
        return message;
    }
}
