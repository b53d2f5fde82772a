using ClockifyFunctions.LocalHost.ClockifySimulator;
using static ClockifyFunctions.Tests.LocalHost.ClockifySimulator.SimulatorFixture;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class TaskTests
{
    private const string Tasks = $"{W}/projects/{Seed.BridgeProjectId}/tasks";

    [Fact]
    public async Task ACreateInheritsBillableFromTheProject()
    {
        await using var it = await StartAsync();
        var reply = await it.SendAsync("POST", Tasks, new { name = "Report", billable = false });
        Assert.Equal((201, "true", "ACTIVE"), (reply.Status, reply.Text("billable"), reply.Text("status")));
    }

    [Fact]
    public async Task AnUpdateResetsOmittedMembersToDefaults()
    {
        await using var it = await StartAsync();
        await it.SendAsync("PUT", $"{Tasks}/{Seed.DeckTaskId}", new { name = "Deck", estimate = "PT2H", budgetEstimate = 5 });
        var reply = await it.SendAsync("PUT", $"{Tasks}/{Seed.DeckTaskId}", new { name = "Deck" });
        Assert.Equal(("PT0S", "0", "false"), (reply.Text("estimate"), reply.Text("budgetEstimate"), reply.Text("billable")));
    }

    [Fact]
    public async Task ADeleteRequiresADoneTask()
    {
        await using var it = await StartAsync();
        const string one = $"{Tasks}/{Seed.DeckTaskId}";
        (await it.SendAsync("DELETE", one)).Is(400, 501, "Cannot delete an active task");
        await it.SendAsync("PUT", one, new { name = "Deck survey", status = "DONE" });
        Assert.Equal(200, (await it.SendAsync("DELETE", one)).Status);
        (await it.SendAsync("GET", one)).Is(400, 501, "Task doesn't belong to Project");
    }

    [Theory]
    [InlineData("""{}""", "Task name has to be between 1 and 1000 characters")]
    [InlineData("""{"name":"Deck survey"}""", "Task with name 'Deck survey' already exists")]
    public async Task ABadCreateIsAnsweredWith400AndCode501(string body, string message)
    {
        await using var it = await StartAsync();
        (await it.SendAsync("POST", Tasks, body)).Is(400, 501, message);
    }

    [Fact]
    public async Task ProjectAndTaskMustExistAndBelongTogether()
    {
        await using var it = await StartAsync();
        (await it.SendAsync("POST", $"{W}/projects/xyz/tasks", new { name = "x" }))
            .Is(400, 501, "Project doesn't belong to Workspace");
        (await it.SendAsync("GET", $"{Tasks}/{Seed.LandingTaskId}")).Is(400, 501, "Task doesn't belong to Project");
    }

    [Fact]
    public async Task AListFiltersByActivity()
    {
        await using var it = await StartAsync();
        var active = (await it.SendAsync("GET", $"{Tasks}?is-active=true")).List;
        Assert.Equal(Seed.DeckTaskId, Assert.Single(active)!["id"]!.ToString());
    }
}
