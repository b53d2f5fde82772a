using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>Deletes of objects that no longer exist.</summary>
public sealed class DeleteTests
{
    [Theory]
    [InlineData("", "clockify.call.delivered")]
    [InlineData(""","whenGone":"rejected" """, "clockify.call.rejected")]
    public async Task TheOutcomeOfADeleteOfAMissingObjectDependsOnTheDestination(string more, string type)
    {
        await using var world = await StartAsync("deleteTag", more);
        world.Send("deletes", $$"""{"id":"{{Seed.OnSiteTagId}}"}""");
        await world.EventsAsync(1);
        world.Send("deletes", $$"""{"id":"{{Seed.OnSiteTagId}}"}""");
        await world.EventsAsync(2);
        Assert.Equal(["clockify.call.delivered", type], world.Events.Select(one => one.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task ADeleteIsRepeatedIfTheExistenceOfTheObjectCannotBeRead()
    {
        await using var world = await StartAsync("deleteTag");
        world.Send("deletes", $$"""{"id":"{{Seed.OnSiteTagId}}"}""");
        await world.EventsAsync(1);
        world.Faults.Next(request => request.Method == "GET", Fault.Answer(502));
        world.Send("deletes", $$"""{"id":"{{Seed.OnSiteTagId}}"}""");
        await world.EventsAsync(2);
        Assert.All(world.Events, one => Assert.Equal("clockify.call.delivered", one.GetProperty("type").GetString()));
        Assert.Equal(0, world.Faults.Pending);
    }

    [Fact]
    public async Task ADeleteRefusedForAnotherReasonIsRejected()
    {
        await using var world = await StartAsync("deleteProject");
        world.Send("deletes", $$"""{"id":"{{Seed.WebsiteProjectId}}"}""");
        await world.EventsAsync(1);
        Assert.Equal("clockify.call.rejected", Assert.Single(world.Events).GetProperty("type").GetString());
    }

    private static async Task<TestWorld> StartAsync(string endpoint, string more = "")
    {
        var world = await TestWorld.StartAsync();
        await world.DestinationAsync("deletes", $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"}{{more}}}""");
        return world;
    }
}
