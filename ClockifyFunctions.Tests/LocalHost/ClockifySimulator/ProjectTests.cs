using ClockifyFunctions.LocalHost.ClockifySimulator;
using static ClockifyFunctions.Tests.LocalHost.ClockifySimulator.SimulatorFixture;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class ProjectTests
{
    private const string Projects = $"{W}/projects";

    [Fact]
    public async Task ACreateOfAProjectIsAnsweredWith201AndNineteenMembers()
    {
        await using var it = await StartAsync();
        var reply = await it.SendAsync("POST", Projects, new { name = "Tunnel", clientId = Seed.AcmeClientId, hourlyRate = new { amount = 5 } });
        Assert.Equal((201, 19), (reply.Status, reply.Json.AsObject().Count));
        Assert.Equal(("Acme", "true"), (reply.Text("clientName"), reply.Text("public")));
        Assert.Equal("""{"amount":5,"currency":"USD"}""", reply.Json["hourlyRate"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{}""", "Project name is required")]
    [InlineData("""{"name":"x"}""", "Project name has to be between 2 and 250 characters long")]
    [InlineData("""{"name":"Website"}""", "Website project for client  already exists.")]
    [InlineData("""{"name":"Old project"}""", "Old project project for client  already exists.")]
    [InlineData($$"""{"name":"Bridge inspection","clientId":"{{Seed.AcmeClientId}}"}""", "Bridge inspection project for client Acme already exists.")]
    [InlineData("""{"name":"Tunnel","clientId":"xyz"}""", "Client doesn't belong to Workspace")]
    [InlineData("""{"name":"Tunnel","costRate":{"amount":-1}}""", "Amount has to be a positive value.")]
    public async Task ABadCreateIsAnsweredWith400AndCode501(string body, string message)
    {
        await using var it = await StartAsync();
        (await it.SendAsync("POST", Projects, body)).Is(400, 501, message);
    }

    [Fact]
    public async Task ANameCanBeUsedForAnotherClient()
    {
        await using var it = await StartAsync();
        var body = new { name = "Bridge inspection", clientId = Seed.GlobexClientId };
        Assert.Equal(201, (await it.SendAsync("POST", Projects, body)).Status);
    }

    [Fact]
    public async Task AnUpdateKeepsAllMembersExceptPublicAndBillable()
    {
        await using var it = await StartAsync();
        await it.SendAsync("PUT", $"{Projects}/{Seed.BridgeProjectId}", new { note = "n", isPublic = true, billable = true });
        var reply = await it.SendAsync("PUT", $"{Projects}/{Seed.BridgeProjectId}", new { color = "#AABBCC" });
        Assert.Equal(
            ("Bridge inspection", "n", "#AABBCC", "false", "false"),
            (reply.Text("name"), reply.Text("note"), reply.Text("color"), reply.Text("public"), reply.Text("billable")));
        (await it.SendAsync("PUT", $"{Projects}/{Seed.BridgeProjectId}", new { name = "" }))
            .Is(400, 501, "Project name has to be between 2 and 250 characters long");
    }

    [Fact]
    public async Task ADeleteRequiresAnArchivedProject()
    {
        await using var it = await StartAsync();
        const string one = $"{Projects}/{Seed.WebsiteProjectId}";
        (await it.SendAsync("DELETE", one)).Is(400, 501, "Cannot delete an active project");
        Assert.Equal(200, (await it.SendAsync("PUT", one, new { archived = true })).Status);
        var deleted = await it.SendAsync("DELETE", one);
        Assert.Equal((200, "Website"), (deleted.Status, deleted.Text("name")));
        (await it.SendAsync("GET", one)).Is(400, 501, "Project doesn't belong to Workspace");
        Assert.Equal(201, (await it.SendAsync("POST", Projects, new { name = "Website" })).Status);
    }

    [Fact]
    public async Task APatchIsAnsweredWith405()
    {
        await using var it = await StartAsync();
        (await it.SendAsync("PATCH", $"{Projects}/{Seed.WebsiteProjectId}", new { }))
            .Is(405, 3000, "Request method 'PATCH' is not supported");
        (await it.SendAsync("PUT", $"{Projects}/{Seed.WebsiteProjectId}/archive", new { }))
            .Starts(404, 3000, "No static resource v1/workspaces/");
    }

    [Fact]
    public async Task AListFiltersByNameAndArchive()
    {
        await using var it = await StartAsync();
        Assert.Equal(3, await Count(""));
        Assert.Equal(1, await Count("?archived=true"));
        Assert.Equal(1, await Count("?name=inspect"));
        Assert.Equal(0, await Count("?name=inspect&strict-name-search=true"));
        Assert.Equal(1, await Count("?name=Bridge%20inspection&strict-name-search=true"));
        Assert.Equal(1, await Count("?page=2&page-size=2"));

        async Task<int> Count(string query) => (await it.SendAsync("GET", Projects + query)).List.Count;
    }

    [Fact]
    public async Task ARegularMemberIsDeniedUnlessTheWorkspaceLetsMembersManage()
    {
        await using var it = await StartAsync();
        (await it.SendAsync("POST", Projects, new { name = "Tunnel" }, Seed.CleoKey)).Is(403, 501, "Access Denied");
        await using var open = await StartAsync(new WorkspaceFlags { MembersManage = true });
        Assert.Equal(201, (await open.SendAsync("POST", Projects, new { name = "Tunnel" }, Seed.CleoKey)).Status);
    }
}
