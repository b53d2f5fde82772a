using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>Changes that somebody made in Clockify, lost links and forgotten hashes.</summary>
public sealed class RepairTests
{
    [Fact]
    public async Task ChangesInClockifyAreShownAndRepaired()
    {
        await using var world = await SyncRequests.WithProjectsAsync(",\"drift\":\"repair\"");
        var projects = world.Workspace().Projects.Values.Where(one => one.Name.StartsWith("Project ", StringComparison.Ordinal)).OrderBy(one => one.Name, StringComparer.Ordinal).ToArray();
        await world.CallAsync(HttpMethod.Put, $"/workspaces/{Seed.WorkspaceId}/projects/{projects[3].Id}", """{"name":"Renamed"}""");
        await world.CallAsync(HttpMethod.Put, $"/workspaces/{Seed.WorkspaceId}/projects/{projects[4].Id}", """{"name":"Project 4","archived":true}""");
        await world.CallAsync(HttpMethod.Delete, $"/workspaces/{Seed.WorkspaceId}/projects/{projects[4].Id}");
        await world.PassAsync(TimeSpan.FromMinutes(16));

        var plan = await world.PlanAsync(SyncRequests.Projects(0, 10), "");
        Assert.Equal(["name: \"Renamed\" -> \"Project 3\"", "was deleted in Clockify: is created again"], plan.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("details")[0].GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(202, (await world.PostAsync(SyncRequests.Projects(0, 10), "?repair=true")).Status);
        await world.ChangesAsync("updated", 1);
        await world.ChangesAsync("created", 11);
        await world.SettledAsync();
        Assert.Equal("Project 3", projects[3].Name);
        Assert.Equal(10, world.Workspace().Projects.Values.Count(one => one.Name.StartsWith("Project ", StringComparison.Ordinal)));
        Assert.Equal(8, world.Change("unchanged"));
    }

    [Theory]
    [InlineData("recreate", 1, 0)]
    [InlineData("reject", 0, 1)]
    [InlineData("forget", 0, 0)]
    public async Task AnAppliedPlanMakesExactlyThePlannedWritesAfterChangesInClockify(string gone, int created, int quarantined)
    {
        await using var world = await SyncRequests.WithProjectsAsync($",\"drift\":\"repair\",\"gone\":\"{gone}\"");
        var projects = world.Workspace().Projects.Values.Where(one => one.Name.StartsWith("Project ", StringComparison.Ordinal)).OrderBy(one => one.Name, StringComparer.Ordinal).ToArray();
        await ChangeAsync(projects[1], """{"name":"Renamed"}""");
        await ChangeAsync(projects[2], """{"name":"Project 2","archived":true}""");
        await ChangeAsync(projects[3], """{"name":"Project 3","archived":true}""");
        await world.CallAsync(HttpMethod.Delete, $"/workspaces/{Seed.WorkspaceId}/projects/{projects[3].Id}");
        await world.PassAsync(TimeSpan.FromMinutes(16));

        var plan = await world.PlanAsync(SyncRequests.Projects(0, 10), "");
        var (before, calls) = (world.Writes().Count, world.Ledger.Calls.Count);
        Assert.Equal(202, (await world.PostAsync(SyncRequests.Projects(0, 10), $"?repair=true&plan={plan.GetProperty("version").GetString()}")).Status);
        await world.ChangesAsync("unchanged", 7);
        await world.SettledAsync();

        Assert.Equal([.. Enumerable.Repeat("POST", created), "PUT", "PUT"], world.Writes().Skip(before).Select(call => call.Method).Order(StringComparer.Ordinal));
        // The list of projects may be read once more. A call that finds the object deleted is a GET.
        Assert.Equal(plan.GetProperty("calls").GetInt32(), world.Ledger.Calls.Skip(calls).Count(call => !call.Path.EndsWith("/projects", StringComparison.Ordinal) || call.Method != "GET"));
        Assert.Equal(["Project 1", "Project 2", "Project 3"], plan.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("label").GetString()!));
        Assert.Equal(quarantined, world.Quarantine(SyncWorld.Id).Count);
        Assert.Equal(("Project 1", false), (projects[1].Name, projects[2].Archived));

        Task ChangeAsync(Project project, string body) => world.CallAsync(HttpMethod.Put, $"/workspaces/{Seed.WorkspaceId}/projects/{project.Id}", body);
    }

    [Fact]
    public async Task AfterARelinkUnchangedRecordsAreNotSent()
    {
        await using var world = await SyncRequests.WithProjectsAsync("");
        await world.DeleteLinksAsync();
        var before = world.Ledger.Calls.Count;
        var (status, answer) = await world.RelinkAsync(SyncRequests.Projects(0, 12));
        Assert.Equal((200, 10), (status, JsonDocument.Parse(answer).RootElement.GetProperty("found").GetInt32()));
        Assert.Equal("GET", Assert.Single(world.Ledger.Calls.Skip(before)).Method);

        world.SendTogether(SyncWorld.Id, SyncRequests.Projects(0, 10));
        await world.ChangesAsync("unchanged", 10);
        Assert.Single(world.Ledger.Calls.Skip(before));
    }

    [Fact]
    public async Task AResyncSendsEverythingAgain()
    {
        await using var world = await SyncRequests.WithProjectsAsync("");
        Assert.Equal(200, (await world.ResyncAsync()).Status);
        world.SendTogether(SyncWorld.Id, SyncRequests.Projects(0, 10));
        await world.ChangesAsync("updated", 10);
        Assert.Equal(10, world.Change("created"));
    }
}
