using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>Responses 401 and 403: the key may be wrong, or a valid key may lack a permission.</summary>
public sealed class RefusedKeyTests
{
    [Fact]
    public async Task ARefusedKeyIsSuspendedUntilAPersonResumesIt()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("4");
        world.Simulator.RevokeKey(Seed.AdaKey);
        world.Send("entries", records);
        await world.UntilAsync("the credential is suspended", () => world.Suspension() is not null);
        Assert.Contains("401", world.Suspension(), StringComparison.Ordinal);
        var calls = world.Ledger.Calls.Count;
        await world.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(calls, world.Ledger.Calls.Count);
        Assert.Empty(world.Events);

        world.Simulator.UnrevokeKey(Seed.AdaKey);
        await world.ResumeAsync();
        await world.EventsAsync(4);
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ADestinationWithoutPermissionDoesNotSuspendAValidKey()
    {
        await using var world = await StartWithForeignAsync();
        world.Send("foreign", Enumerable.Range(0, 20).Select(number => $$"""{"name":"tag {{number}}"}"""));
        await world.EventsAsync(20);
        Assert.All(world.Events, one => Assert.Equal("clockify.call.failed", one.GetProperty("type").GetString()));

        var records = SampleRecords.Read("5");
        world.Send("entries", records);
        await world.EventsAsync(25);
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task ADestinationWithoutPermissionMakesFewMoreCallsThanItHasRecords()
    {
        const int each = 30;
        await using var world = await StartWithForeignAsync();
        world.SendTogether("foreign", Enumerable.Range(0, each).Select(number => $$"""{"name":"tag {{number}}"}"""));
        world.SendTogether("entries", SampleRecords.Read($"{each}"));
        await world.EventsAsync(2 * each);
        Assert.Equal(each, world.Quarantine("foreign").Count);
        Assert.InRange(world.Ledger.Count(call => call.Path.Contains(Seed.ForeignWorkspaceId, StringComparison.Ordinal)), each, 3 * each);
    }

    private static async Task<TestWorld> StartWithForeignAsync()
    {
        var world = await TestWorld.StartAsync();
        await world.DestinationAsync("foreign", $$"""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"{{Seed.ForeignWorkspaceId}}"} }""");
        return world;
    }
}
