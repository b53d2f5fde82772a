using ClockifyFunctions.LocalHost.ClockifySimulator;
using static ClockifyFunctions.Tests.LocalHost.ClockifySimulator.SimulatorFixture;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class ClientTests
{
    private const string Clients = $"{W}/clients";
    private const string Acme = $"{Clients}/{Seed.AcmeClientId}";

    [Fact]
    public async Task OnlyACreateShowsTheCurrencyCode()
    {
        await using var it = await StartAsync();
        var created = await it.SendAsync("POST", Clients, new { name = "Initech", ccEmails = new[] { "a@b.org" } });
        Assert.Equal((201, "USD"), (created.Status, created.Text("currencyCode")));
        Assert.Null(created.Json["ccEmails"]);
        Assert.False((await it.SendAsync("GET", Acme)).Json.AsObject().ContainsKey("currencyCode"));
    }

    [Theory]
    [InlineData("""{}""", "Client name is required")]
    [InlineData("""{"name":""}""", "Client name is required")]
    [InlineData("""{"name":"Globex"}""", "Client with name 'Globex' already exists")]
    [InlineData("""{"name":"Acme","email":"nobody"}""", "Please enter valid value for email")]
    [InlineData("""{"name":"Acme","ccEmails":["a@b","c@d","e@f","g@h"]}""", "Number of additional emails must be less than 3")]
    public async Task ABadUpdateIsAnsweredWith400AndCode501(string body, string message)
    {
        await using var it = await StartAsync();
        (await it.SendAsync("PUT", Acme, body)).Is(400, 501, message);
    }

    [Fact]
    public async Task AnUpdateReplacesAllMembersExceptTheCurrency()
    {
        await using var it = await StartAsync();
        await it.SendAsync("PUT", Acme, new { name = "Acme", note = "n", currencyId = Seed.UrgentTagId, ccEmails = new[] { "a@b", "c@d", "e@f" } });
        var reply = await it.SendAsync("PUT", Acme, new { name = "Acme" });
        Assert.Null(reply.Json["note"]);
        Assert.Null(reply.Json["ccEmails"]);
        Assert.Equal(Seed.UrgentTagId, reply.Text("currencyId"));
    }

    [Fact]
    public async Task AClientIsArchivedBeforeADeleteOptionallyWithProjectsAndTasks()
    {
        await using var it = await StartAsync();
        (await it.SendAsync("DELETE", Acme)).Is(400, 501, "Cannot delete an active client");
        await it.SendAsync("PUT", $"{Acme}?archive-projects=true&mark-tasks-as-done=true", new { name = "Acme", archived = true });
        const string bridge = $"{W}/projects/{Seed.BridgeProjectId}";
        Assert.Equal("true", (await it.SendAsync("GET", bridge)).Text("archived"));
        Assert.Equal("DONE", (await it.SendAsync("GET", $"{bridge}/tasks/{Seed.DeckTaskId}")).Text("status"));
        Assert.Equal(200, (await it.SendAsync("DELETE", Acme)).Status);
        (await it.SendAsync("DELETE", Acme)).Is(400, 501, "Client doesn't belong to Workspace");
        Assert.Equal(201, (await it.SendAsync("POST", Clients, new { name = "Acme" })).Status);
    }
}
