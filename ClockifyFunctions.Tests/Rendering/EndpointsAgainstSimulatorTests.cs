using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.LocalHost.ClockifySimulator;
using ClockifyFunctions.Tests.Support;
using RateWindow = ClockifyFunctions.Configuration.RateWindow;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>Each endpoint, rendered and sent by the real client, is taken by the simulator; so names, verbs, paths and bodies fit.</summary>
public sealed class EndpointsAgainstSimulatorTests
{
    [Theory]
    [InlineData("createTimeEntry", """{"start":"2026-07-10T05:30:00Z","end":"2026-07-10T06:30:00Z","description":"😀 \"q\"","projectId":"66f1a0c2b7d14e3a9c5d0b01","taskId":"66f1a0c2b7d14e3a9c5d0a01","tagIds":["66f1a0c2b7d14e3a9c5d0d01"],"billable":true,"type":"REGULAR"}""", 201)]
    [InlineData("updateTimeEntry", """{"id":"ENTRY","start":"2026-07-10T05:00:00+02:00","description":"changed"}""", 200)]
    [InlineData("deleteTimeEntry", """{"id":"ENTRY"}""", 204)]
    [InlineData("stopTimer", """{"end":"2026-07-10T07:00:00Z"}""", 200)]
    [InlineData("createProject", """{"name":"New bridge","clientId":"66f1a0c2b7d14e3a9c5d0c01","color":"#AB47BC","isPublic":true,"billable":false,"note":"n"}""", 201)]
    [InlineData("updateProject", """{"id":"66f1a0c2b7d14e3a9c5d0b02","name":"Website 2","archived":true}""", 200)]
    [InlineData("deleteProject", """{"id":"66f1a0c2b7d14e3a9c5d0b03"}""", 200)]
    [InlineData("createTask", """{"name":"Paint","estimate":"PT2H","status":"ACTIVE","assigneeIds":["5f0b1c2d3e4f5a6b7c8d9e01"]}""", 201)]
    [InlineData("updateTask", """{"id":"66f1a0c2b7d14e3a9c5d0a01","name":"Deck 2","status":"DONE","billable":true}""", 200)]
    [InlineData("deleteTask", """{"id":"66f1a0c2b7d14e3a9c5d0a02"}""", 200)]
    [InlineData("createClient", """{"name":"Umbrella","email":"u@example.com","address":"Street 1","note":"n"}""", 201)]
    [InlineData("updateClient", """{"id":"66f1a0c2b7d14e3a9c5d0c01","name":"Acme 2","ccEmails":["a@example.com"]}""", 200)]
    [InlineData("deleteClient", """{"id":"66f1a0c2b7d14e3a9c5d0c03"}""", 200)]
    [InlineData("createTag", """{"name":"Sprint 1"}""", 201)]
    [InlineData("updateTag", """{"id":"66f1a0c2b7d14e3a9c5d0d01","name":"Off site","archived":false}""", 200)]
    [InlineData("deleteTag", """{"id":"66f1a0c2b7d14e3a9c5d0d02"}""", 200)]
    public async Task TheSimulatorTakesWhatAnEndpointRenders(string endpoint, string record, int status)
    {
        await using var fixture = await SimulatorFixture.StartAsync();
        var entry = await fixture.CreateEntryAsync("running");
        var credential = Credential(fixture);
        using var client = new ClockifyClient(TimeProvider.System);

        var template = EndpointTemplate.Find(endpoint)!;
        var inputs = template.Inputs.Where(input => !input.Query).ToDictionary(input => input.Name, input => input.Name switch { "workspaceId" => Seed.WorkspaceId, "userId" => Seed.AdaUserId, _ => Seed.BridgeProjectId });
        var config = $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{{JsonSerializer.Serialize(inputs)}}}""";
        var request = Written.Request(config, record.Replace("ENTRY", entry), credential);
        var result = await client.SendAsync(credential, request, TestContext.Current.CancellationToken);

        Assert.Equal((status, null), (result.Status, result.Error));
    }

    private static Credential Credential(SimulatorFixture fixture) =>
        new("default", Seed.AdaKey, "X-Api-Key", fixture.Simulator.BaseAddress, [new RateWindow(10, TimeSpan.FromSeconds(1))]);
}
