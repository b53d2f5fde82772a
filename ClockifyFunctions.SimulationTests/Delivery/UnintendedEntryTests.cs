using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>Records with unknown attributes or missing ends, from the message to the simulated workspace.</summary>
public sealed class UnintendedEntryTests
{
    [Fact]
    public async Task AFileWithTheWrongHeadersCreatesNothingAndItsRecordsHaveReasons()
    {
        await using var world = await TestWorld.StartAsync();
        world.Send("entries", """{"User":"Ben","Project":"Website","Start":"02.03.2026 09:15","Duration":"1:30"}""", """{"start":"2026-11-02T10:00:00Z","end":"2026-11-02T11:00:00Z","userId":"5f0b1c2d3e4f5a6b7c8d9e02"}""");
        await world.UntilAsync("both are quarantined", () => world.Quarantine("entries").Count == 2);
        Assert.Empty(world.Ledger.Calls);
        Assert.All(world.Quarantine("entries"), entry => Assert.Equal("invalid", entry.Kind));
        Assert.Contains(world.Quarantine("entries"), entry => entry.Reason.Contains("$.Start: matches no field of 'Create time entry', which has 'start'", StringComparison.Ordinal));
        Assert.Contains(world.Quarantine("entries"), entry => entry.Reason.Contains("$.userId: would be dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AConfigInAMessageRefusesUnknownAttributesToo()
    {
        await using var world = await TestWorld.StartAsync();
        world.SendWithConfig($$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"} }""", """{"start":"2026-11-02T10:00:00Z","Ende":"2026-11-02T11:00:00Z"}""");
        await world.PassAsync(TimeSpan.FromMinutes(1));
        var id = Assert.Single(await world.Observe<DestinationStore>().ListInlineAsync(DateTimeOffset.MaxValue, CancellationToken.None));
        Assert.Contains("$.Ende: matches no field", Assert.Single(world.Quarantine(id)).Reason, StringComparison.Ordinal);
        Assert.Empty(world.Ledger.Calls);
    }

    [Fact]
    public async Task WarningsAreCountedInTheStatusAndIncludedInTheResponseEvent()
    {
        await using var world = await TestWorld.StartAsync();
        await world.DestinationAsync("entries", $$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"unknownAttributes":"warn"}""");
        world.Send("entries", Record(1, ",\"Cost centre\":\"4711\""), Record(2, ""));
        await world.EventsAsync(2);
        await world.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, world.Ledger.CreatedTimeEntries.Count);
        var warnings = world.Events.Select(response => response.GetProperty("data")).Where(data => data.TryGetProperty("warnings", out _)).Select(data => data.GetProperty("warnings")).ToArray();
        Assert.Equal("$.Cost centre", Assert.Single(Assert.Single(warnings).EnumerateArray().ToArray()).GetProperty("path").GetString());
        var backlog = await world.Observe<Backlogs>().FindAsync(TestWorld.CredentialName, "entries", CancellationToken.None);
        Assert.Equal((2, 1), (backlog!.Cursor.Delivered, backlog.Cursor.Warned));
    }

    [Fact]
    public async Task RecordsInHumanFormatsBecomeTheIntendedEntries()
    {
        await using var world = await TestWorld.StartAsync();
        await world.DestinationAsync("entries", $$"""
            {"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"timeZone":"Europe/Berlin",
             "mapping":{"start":{"date":"Datum","time":"Von","format":"dd.MM.yyyy HH:mm"},"duration":"Stunden","description":"Was","billable":"Abrechenbar","tagIds":{"from":"Tags","split":","} } }
            """);
        world.Send("entries", """{"Datum":"30.07.2026","Von":"12:20","Stunden":"1,5","Was":"Workshop","Abrechenbar":"ja","Tags":"66f1a0c2b7d14e3a9c5d0d01"}""");
        await world.EventsAsync(1);
        using var sent = JsonDocument.Parse(Assert.Single(world.Events).GetProperty("data").GetProperty("request").GetProperty("body").GetString()!);
        Assert.Equal(
            """{"start":"2026-07-30T10:20:00Z","description":"Workshop","billable":true,"tagIds":["66f1a0c2b7d14e3a9c5d0d01"],"end":"2026-07-30T11:50:00Z"}""", sent.RootElement.GetRawText());
        Assert.Single(world.Ledger.CreatedTimeEntries);
    }

    private static string Record(int number, string rest) => $$"""{"start":"2026-11-02T10:00:00Z","end":"2026-11-02T11:00:00Z","description":"entry {{number}}"{{rest}}}""";
}
