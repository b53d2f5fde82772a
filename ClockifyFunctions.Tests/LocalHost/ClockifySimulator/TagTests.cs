using ClockifyFunctions.LocalHost.ClockifySimulator;
using static ClockifyFunctions.Tests.LocalHost.ClockifySimulator.SimulatorFixture;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class TagTests
{
    private const string Tags = $"{W}/tags";

    [Fact]
    public async Task ATagIsCreatedUpdatedAndDeletedWithoutArchiving()
    {
        await using var it = await StartAsync();
        var created = await it.SendAsync("POST", Tags, new { name = "Sprint1", archived = true });
        Assert.Equal((201, "false"), (created.Status, created.Text("archived")));
        var one = $"{Tags}/{created.Text("id")}";
        Assert.Equal("true", (await it.SendAsync("PUT", one, new { name = "Sprint1", archived = true })).Text("archived"));
        Assert.Equal("false", (await it.SendAsync("PUT", one, new { name = "Sprint2" })).Text("archived"));
        var deleted = await it.SendAsync("DELETE", one);
        Assert.Equal((200, "Sprint2"), (deleted.Status, deleted.Text("name")));
        (await it.SendAsync("DELETE", one)).Is(400, 501, "Tag doesn't belong to Workspace");
    }

    [Theory]
    [InlineData("""{}""", "Tag name is required")]
    [InlineData("""{"name":"Old tag"}""", "Tag with name 'Old tag' already exists")]
    public async Task ABadCreateIsAnsweredWith400AndCode501(string body, string message)
    {
        await using var it = await StartAsync();
        (await it.SendAsync("POST", Tags, body)).Is(400, 501, message);
    }

    [Fact]
    public async Task ANameHasAtMost100Characters()
    {
        await using var it = await StartAsync();
        Assert.Equal(201, (await it.SendAsync("POST", Tags, new { name = new string('x', 100) })).Status);
        (await it.SendAsync("POST", Tags, new { name = new string('x', 101) }))
            .Is(400, 501, "Tag name cannot be longer than 100.");
    }
}
