using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.Sync;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.References;

/// <summary>Records that refer to objects by the keys of another destination.</summary>
public sealed class ExternalKeyTests
{
    [Fact]
    public async Task AKeyOfAnotherDestinationBecomesTheIdOfItsObjectWithoutALookup()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("clients", id: "crm-clients");
        await world.SyncAsync("projects", ",\"adopt\":\"never\",\"references\":{\"client\":{\"from\":\"account\",\"by\":\"key\",\"of\":\"crm-clients\"}}");
        world.Send("crm-clients", """{"key":"c1","name":"Initech"}""");
        await world.ChangesAsync("created", 1);
        var client = world.Workspace().Clients.Values.Single(one => one.Name == "Initech");
        var before = world.Ledger.Calls.Count;

        world.Send(SyncWorld.Id, """{"key":"p1","name":"Portal","account":"c1"}""", """{"key":"p2","name":"Other","account":"c2"}""");
        await world.UntilAsync("one is created, one quarantined", () => world.Change("created") == 2 && world.Quarantine(SyncWorld.Id).Count == 1);
        Assert.Equal(client.Id, world.Workspace().Projects.Values.Single(one => one.Name == "Portal").ClientId);
        Assert.Equal("unresolved", world.Quarantine(SyncWorld.Id)[0].Kind);
        Assert.Equal("POST", Assert.Single(world.Ledger.Calls.Skip(before)).Method);
    }
}
