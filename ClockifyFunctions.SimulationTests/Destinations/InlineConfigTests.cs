using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.SimulationTests.Destinations;

/// <summary>Every producer that can send to the records queue can send a message with its own destination config.</summary>
[Trait(Categories.Name, Categories.Security)]
public sealed class InlineConfigTests
{
    private const string InlineSetting = $"Credentials__{TestWorld.CredentialName}__InlineConfigs", WorkspacesSetting = $"Credentials__{TestWorld.CredentialName}__Workspaces";

    private static readonly string Endpoint = Config("");
    private static readonly string Manual = $$"""{"credential":"{{TestWorld.CredentialName}}","method":"POST","url":"https://{{TestWorld.ApiHost}}/api/v1/workspaces/{{Seed.WorkspaceId}}/time-entries"}""";

    [Theory]
    [InlineData("endpoints", true, "", true)]
    [InlineData("", true, "", true)]
    [InlineData("endpoints", false, "", false)]
    [InlineData("", false, "", false)]
    [InlineData("all", true, "", true)]
    [InlineData("all", false, "", true)]
    [InlineData("none", true, "", false)]
    [InlineData("none", false, "", false)]
    [InlineData("endpoints", true, Seed.WorkspaceId, true)]
    [InlineData("endpoints", true, "64a687e29ae1f428e7ebe999", false)]
    [InlineData("all", true, "64a687e29ae1f428e7ebe999", false)]
    public async Task TheCredentialDecidesWhichConfigsAMessageMayCarry(string setting, bool isEndpoint, string workspaces, bool isPermitted)
    {
        await using var world = await TestWorld.StartAsync(new() { Settings = new Dictionary<string, string> { [InlineSetting] = setting, [WorkspacesSetting] = workspaces } });
        world.SendWithConfig(isEndpoint ? Endpoint : Manual, SampleRecords.Read("1"));
        if (isPermitted)
        {
            await world.UntilAsync("it is sent", () => world.Ledger.Calls.Count == 1);
            return;
        }

        await world.UntilAsync("the message is quarantined", () => world.Quarantine(QuarantineStore.Unrouted).Count == 1);
        var reason = Assert.Single(world.Quarantine(QuarantineStore.Unrouted)).Reason;
        Assert.Contains($"Credential '{TestWorld.CredentialName}' allows", reason, StringComparison.Ordinal);
        Assert.Empty(world.Ledger.Calls);
    }

    [Fact]
    public async Task MessagesWithEqualConfigsShareADestinationWithTheirHashAsId()
    {
        await using var world = await TestWorld.StartAsync();
        world.SendWithConfig(Endpoint, SampleRecords.Read("2"));
        world.SendWithConfig($"  {Endpoint}  ", SampleRecords.Read("1"));
        await world.EventsAsync(3);
        Assert.Matches("^inline-[0-9a-f]{56}$", await InlineIdAsync(world));
    }

    [Fact]
    public async Task AMessageIsNotDeliveredToADestinationWithTheSameIdAndAnotherConfig()
    {
        await using var world = await TestWorld.StartAsync();
        world.SendWithConfig(Endpoint, SampleRecords.Read("1"));
        await world.EventsAsync(1);
        var id = await InlineIdAsync(world);
        // Simulates two configs with the same hash.
        var stored = (await world.Observe<DestinationStore>().ReadAsync(id, CancellationToken.None))!.Value;
        var other = stored.Stored with { Config = stored.Stored.Config with { Responses = false } };
        Assert.NotNull(await world.Observe<DestinationStore>().WriteAsync(other, stored.ETag, CancellationToken.None));
        await world.PassAsync(DestinationStore.CacheFor);

        world.SendWithConfig(Endpoint, SampleRecords.Read("1"));
        await world.UntilAsync("the message is quarantined", () => world.Quarantine(QuarantineStore.Unrouted).Count == 1);
        Assert.Contains("has another config than the message", Assert.Single(world.Quarantine(QuarantineStore.Unrouted)).Reason, StringComparison.Ordinal);
        Assert.Single(world.Ledger.Calls);
    }

    [Fact]
    public async Task ADestinationWithoutRecordsForAWeekIsRemovedAndCreatedAgainByItsMessage()
    {
        await using var world = await TestWorld.StartAsync(new() { SweepInterval = TimeSpan.FromMinutes(30) });
        world.SendWithConfig(Endpoint, SampleRecords.Read("1"));
        await world.EventsAsync(1);
        var id = await InlineIdAsync(world);

        // A record names the destination by its id, as a copy of a postponed record does.
        await world.PassAsync(TimeSpan.FromDays(6));
        world.Send(id, SampleRecords.Read("1"));
        await world.EventsAsync(2);
        await world.PassAsync(TimeSpan.FromDays(6.9));
        Assert.Equal(id, await InlineIdAsync(world));

        await world.PassAsync(TimeSpan.FromDays(0.3));
        Assert.Empty(await world.Observe<DestinationStore>().ListInlineAsync(DateTimeOffset.MaxValue, CancellationToken.None));
        Assert.Null(await world.Observe<ClockifyFunctions.Backlog.Backlogs>().FindAsync(TestWorld.CredentialName, id, CancellationToken.None));

        world.SendWithConfig(Endpoint, SampleRecords.Read("1"));
        await world.EventsAsync(3);
        Assert.Equal(3, world.Ledger.CreatedTimeEntries.Count);
    }

    [Fact]
    public async Task ADestinationWithWaitingOrQuarantinedRecordsIsKept()
    {
        await using var world = await TestWorld.StartAsync(new() { SweepInterval = TimeSpan.FromMinutes(30) });
        world.SendWithConfig(Config(",\"timeZone\":\"Europe/Berlin\""), """{"start":"nonsense"}""");
        world.SendWithConfig(Endpoint, SampleRecords.Read("1"));
        await world.EventsAsync(1);
        var ids = await world.Observe<DestinationStore>().ListInlineAsync(DateTimeOffset.MaxValue, CancellationToken.None);
        var waits = ids.Single(id => world.Quarantine(id).Count == 0);
        await world.PauseAsync(waits);
        await world.PassAsync(DestinationStore.CacheFor);
        world.SendWithConfig(Endpoint, SampleRecords.Read("1"));
        await world.UntilAsync("a record waits", () => world.Waiting(waits) == 1);

        await world.PassAsync(TimeSpan.FromDays(8));
        Assert.Equal(ids.Order(), (await world.Observe<DestinationStore>().ListInlineAsync(DateTimeOffset.MaxValue, CancellationToken.None)).Order());
        Assert.Equal(1, world.Waiting(waits));
    }

    [Fact]
    public async Task ManyInlineDestinationsDoNotDelayAStoredDestination()
    {
        await using var world = await TestWorld.StartAsync();
        await world.DestinationAsync("other", Config(""), active: false);
        world.Send("other", SampleRecords.Read("200"));
        await world.UntilAsync("the records wait", () => world.Waiting("other") == 200);
        // Each config is a destination of its own.
        for (var number = 0; number < 20; number++)
            world.SendWithConfig(Config($",\"mapping\":{{\"description\":{{\"value\":\"inline {number}\"}}}}"), SampleRecords.Read("20"));
        await world.ActivateAsync("other");
        await world.UntilAsync("300 are created", () => world.Ledger.CreatedTimeEntries.Count >= 300);
        // From the first record of the stored destination on, it gets about half of the calls.
        var inline = world.Ledger.CreatedTimeEntries.SkipWhile(IsInline).Take(150).Count(IsInline);
        Assert.InRange(inline, 50, 100);

        static bool IsInline(CreatedTimeEntry entry) => entry.Description?.StartsWith("inline ", StringComparison.Ordinal) == true;
    }

    private static string Config(string more) => $$"""{"credential":"{{TestWorld.CredentialName}}","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"}{{more}}}""";

    private static async Task<string> InlineIdAsync(TestWorld world) => Assert.Single(await world.Observe<DestinationStore>().ListInlineAsync(DateTimeOffset.MaxValue, CancellationToken.None));
}
