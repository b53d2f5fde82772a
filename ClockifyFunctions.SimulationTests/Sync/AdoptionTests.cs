using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>Existing objects without a link. An object is adopted if it is the only one that matches.</summary>
public sealed class AdoptionTests
{
    [Fact]
    public async Task MatchingObjectsAreAdoptedWithoutACallAndTheOthersAreCreated()
    {
        await using var world = await TestWorld.StartAsync();
        foreach (var name in new[] { "Tag 1", "tag 2 ", "Tag 3" }) await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/tags", $$"""{"name":"{{name}}"}""");
        var before = world.Ledger.Calls.Count;
        await world.SyncAsync("tags");
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(1, 4));
        await world.ChangesAsync("adopted", 3);
        await world.ChangesAsync("created", 1);
        await world.SettledAsync();

        // One list, one name with a different spelling, one new tag.
        var calls = world.Ledger.Calls.Skip(before).ToArray();
        Assert.Equal((1, 1), (calls.Count(call => call.Method == "POST"), calls.Count(call => call.Method == "PUT")));
        Assert.Equal(["Tag 1", "Tag 2", "Tag 3", "Tag 4"], world.Tags().Keys.Order(StringComparer.Ordinal));
        Assert.Empty(world.Quarantine(SyncWorld.Id));
    }

    [Fact]
    public async Task AnAdoptedArchivedObjectIsRestored()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        var archived = world.Workspace().Tags[Seed.ArchivedTagId];
        world.Send(SyncWorld.Id, $$"""{"key":"k","name":"{{archived.Name}}"}""");
        await world.ChangesAsync("adopted", 1);
        Assert.False(archived.Archived);
    }

    [Fact]
    public async Task TheClientDistinguishesTwoProjectsOfOneName()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("projects", ",\"references\":{\"client\":\"customer\"}");
        foreach (var client in new[] { Seed.AcmeClientId, Seed.GlobexClientId }) await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/projects", $$"""{"name":"Portal","clientId":"{{client}}"}""");
        world.Send(SyncWorld.Id, """{"key":"a","name":"Portal","customer":"acme"}""", """{"key":"g","name":"Portal","customer":"Globex"}""");
        await world.ChangesAsync("adopted", 2);
        await world.SettledAsync();
        Assert.Equal(2, world.Workspace().Projects.Values.Count(project => project.Name == "Portal"));
        Assert.Empty(world.Quarantine(SyncWorld.Id));
    }

    [Fact]
    public async Task SeveralMatchingObjectsAreReportedAndNoneIsAdopted()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("timeEntries");
        const string Entry = """ "start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z","description":"twice"}""";
        for (var number = 0; number < 2; number++) await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/time-entries", "{" + Entry);
        world.Send(SyncWorld.Id, $$"""{"key":"e","userId":"{{Seed.AdaUserId}}",{{Entry}}""");
        await world.UntilAsync("the record is quarantined", () => world.Quarantine(SyncWorld.Id).Count == 1);
        Assert.Contains("matches 2 objects", world.Quarantine(SyncWorld.Id)[0].Reason);
    }

    [Fact]
    public async Task AnObjectCreatedAfterTheListingIsAdopted()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(0, 1));
        await world.ChangesAsync("created", 1);
        await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/tags", """{"name":"Tag 1"}""");
        await world.PassAsync(TimeSpan.FromMinutes(2));
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(1, 1));
        await world.ChangesAsync("adopted", 1);
        Assert.Equal(2, world.Tags().Count);
        Assert.Empty(world.Quarantine(SyncWorld.Id));
    }

    [Fact]
    public async Task ModeUpdateAdoptsObjectsAndCreatesNone()
    {
        await using var world = await TestWorld.StartAsync();
        await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/tags", """{"name":"Tag 1"}""");
        await world.SyncAsync("tags", ",\"mode\":\"update\"");
        world.SendTogether(SyncWorld.Id, SyncWorld.Tags(1, 2));
        await world.ChangesAsync("adopted", 1);
        await world.UntilAsync("the other is quarantined", () => world.Quarantine(SyncWorld.Id).Count == 1);
        Assert.Single(world.Tags());
    }

    [Fact]
    public async Task AMarkerIdentifiesTheKeyOfAnObject()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("projects", ",\"marker\":\"note\",\"adopt\":\"marker\"");
        world.Send(SyncWorld.Id, """{"key":"p1","name":"One","note":"text"}""");
        await world.ChangesAsync("created", 1);
        var project = world.Workspace().Projects.Values.Single(one => one.Name == "One");
        Assert.Matches("^text\n\\[k:[0-9a-f]{16}\\]$", project.Note);

        // The links are lost, and a person has renamed the project.
        await world.DeleteLinksAsync();
        await world.CallAsync(HttpMethod.Put, $"/workspaces/{Seed.WorkspaceId}/projects/{project.Id}", $$"""{"name":"Renamed"}""");
        world.Send(SyncWorld.Id, """{"key":"p1","name":"One","note":"text"}""", """{"key":"p2","name":"Website two"}""");
        await world.ChangesAsync("adopted", 1);
        await world.ChangesAsync("created", 2);
        Assert.Equal("One", project.Name);
    }
}
