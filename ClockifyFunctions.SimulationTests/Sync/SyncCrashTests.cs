using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>Links under kills of instances and lost answers.</summary>
public sealed class SyncCrashTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task UnderRandomKillsEachKeyIsLinkedOnceAndNothingIsCreatedTwice(int seed)
    {
        await using var world = await TestWorld.StartAsync(new() { Limits = "50/00:00:01", Simulator = new() { KeyWindows = [], AddonWindows = [] } });
        await world.SyncAsync("tags");
        var random = new Random(seed);
        const int Keys = 500;
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(0, Keys));
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(0, Keys / 2, " changed"));
        for (var kill = 0; kill < 20; kill++)
        {
            await world.PassAsync(TimeSpan.FromMilliseconds(random.Next(200, 4000)));
            world.App.Kill();
            world.StartInstance();
        }

        await world.SettledAsync();
        var tags = world.Workspace().Tags.Values.Where(tag => tag.Name.StartsWith("Tag ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Keys, tags.Length);
        Assert.Equal(Keys / 2, tags.Count(tag => tag.Name.EndsWith(" changed", StringComparison.Ordinal)));
        var links = await world.Observe<LinkStore>().ReadAsync(TestWorld.CredentialName, SyncWorld.Id, CancellationToken.None);
        Assert.Equal(Keys, links.Active);
        Assert.Equal(Keys, links.All().Select(one => one.Link.Id).Distinct().Count());
        Assert.Empty(world.Quarantine(SyncWorld.Id));
    }

    [Fact]
    public async Task ACreateWithALostAnswerIsFoundAndLinked()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("timeEntries");
        world.Faults.Next(request => request.Method == "POST", Fault.DropAfterApplying);
        world.Send(SyncWorld.Id, $$"""{"key":"e1","userId":"{{Seed.BenUserId}}","start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z","description":"of Ben"}""");
        await world.ChangesAsync("created", 1);
        world.Send(SyncWorld.Id, $$"""{"key":"e1","userId":"{{Seed.BenUserId}}","start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:30:00Z","description":"of Ben"}""");
        await world.ChangesAsync("updated", 1);
        Assert.Single(world.Workspace().EntriesOf(Seed.BenUserId), entry => entry.Description == "of Ben");
    }

    [Fact]
    public async Task AfterAKillAnUnchangedRecordIsNotSentAfterALaterOneOfItsKey()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        world.Send(SyncWorld.Id, """{"key":"k","name":"Tag a"}""");
        await world.ChangesAsync("created", 1);
        await world.SettledAsync();

        // The first record equals the object, and the second one changes it. Later records make the outcome of the second one durable before the cursor is written.
        world.SendTogether(SyncWorld.Id, """{"key":"k","name":"Tag a"}""", """{"key":"k","name":"Tag b"}""");
        await world.UntilAsync("the object is changed", () => world.Ledger.Count(call => call.Method == "PUT") == 1);
        for (var others = 0; others < 15; others += 5)
        {
            world.SendTogether(SyncWorld.Id, SyncWorld.Tags(others, 5));
            await world.UntilAsync("other objects are created", () => world.Ledger.Count(call => call.Method == "POST") > others + 5);
        }

        world.App.Kill();
        world.StartInstance();
        await world.SettledAsync();
        Assert.Equal("Tag b", Assert.Single(world.Workspace().Tags.Values, tag => tag.Name is "Tag a" or "Tag b").Name);
    }

    [Fact]
    public async Task LostLinksAreFoundAgainWithoutAWritingCall()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(0, 60));
        await world.ChangesAsync("created", 60);
        await world.SettledAsync();
        await world.DeleteLinksAsync();
        var before = world.Ledger.Calls.Count;

        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(0, 60));
        await world.ChangesAsync("adopted", 60);
        await world.SettledAsync();
        Assert.Equal("GET", Assert.Single(world.Ledger.Calls.Skip(before)).Method);
        Assert.Equal(60, world.Tags().Count);
    }

    [Fact]
    public async Task PostponedRecordsKeepTheOrderOfTheirKey()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        world.Send(SyncWorld.Id, """{"key":"k","name":"Tag a"}""");
        await world.ChangesAsync("created", 1);
        await world.SettledAsync();
        world.Faults.Next(request => request.Method is "PUT" or "GET", Fault.Answer(500));
        // The second record equals the linked content. It must not count as unchanged while the first one waits.
        world.Send(SyncWorld.Id, """{"key":"k","name":"Tag b"}""", """{"key":"k","name":"Tag a"}""");
        await world.ChangesAsync("updated", 2, TimeSpan.FromHours(1));
        Assert.Equal("Tag a", Assert.Single(world.Tags()).Key);
    }
}
