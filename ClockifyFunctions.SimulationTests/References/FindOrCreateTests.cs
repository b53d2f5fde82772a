using System.Text.Json;
using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.References;

/// <summary>The app creates missing objects that records name, once under all conditions.</summary>
public sealed class FindOrCreateTests
{
    private const string Creates = """{"client":"Client","project":{"from":"Project","within":"client","missing":"create","with":{"isPublic":false}},"task":{"from":"Task","missing":"create"},"tags":{"from":"Tags","split":";","missing":"create"}}""";

    [Fact]
    public async Task AMissingObjectIsCreatedOnceForAllRecordsThatNameIt()
    {
        await using var world = await StartAsync("a", "b");
        foreach (var destination in new[] { "a", "b" })
            world.Send(destination, Enumerable.Range(0, 40).Select(number => Record(number, destination, project: number % 2 == 0 ? "New project" : "new  PROJECT", task: $"Task {number % 3}", tags: "New tag;Urgent")));
        await world.EventsAsync(80);
        Assert.All(world.Events, one => Assert.Equal("delivered", one.GetProperty("data").GetProperty("outcome").GetString()));
        Assert.Equal(80, world.Ledger.CreatedTimeEntries.Count);
        Assert.Equal((1, 3, 1), (Created(world, "/projects"), Created(world, "/tasks"), Created(world, "/tags")));
        Assert.All(world.Ledger.Calls.Where(call => call.Method == "POST" && call.Path.EndsWith("/projects", StringComparison.Ordinal)), call =>
        {
            var body = JsonDocument.Parse(call.Body!).RootElement;
            Assert.Equal((false, Seed.AcmeClientId), (body.GetProperty("isPublic").GetBoolean(), body.GetProperty("clientId").GetString()));
        });
        world.AssertLimitsKept();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task WhileInstancesAreKilledAndCallsFailNoNameIsCreatedTwice(int seed)
    {
        const int Kills = 20;
        await using var world = await StartAsync("a", "b");
        world.StartInstance();
        var random = new Random(seed);
        world.Faults.Follow(ChaosMonkey.Faults(seed));
        foreach (var destination in new[] { "a", "b" })
            world.Send(destination, Enumerable.Range(0, 200).Select(number => Record(number, destination, project: "Bridge inspection", task: $"Task {number / 2}", tags: $"tag {number / 2}")));
        var killing = KillAsync();
        await world.EventsAsync(400, TimeSpan.FromHours(4));
        await world.DoneAsync("the last kill", killing, TimeSpan.FromHours(1));

        Assert.Equal((0, 0), (Doubles(world, "/tasks"), Doubles(world, "/tags")));
        Assert.Equal((100, 100), (Created(world, "/tasks"), Created(world, "/tags")));
        Assert.Equal(400, world.Ledger.CreatedTimeEntries.Count);
        Assert.Equal(400, world.Ledger.CreatedTimeEntries.Select(entry => entry.Description).Distinct().Count());

        async Task KillAsync()
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                await Task.Delay(TimeSpan.FromSeconds(2 + (random.NextDouble() * 8)), world.Clock);
                world.App.Kill();
                world.StartInstance();
            }
        }
    }

    [Theory]
    [InlineData(nameof(Fault.DropAfterApplying))]
    [InlineData(nameof(Fault.DropBeforeApplying))]
    [InlineData(nameof(Fault.ApplyThenAnswer))]
    public async Task ACreationWithALostAnswerIsVerifiedBeforeItIsRepeated(string fault)
    {
        await using var world = await StartAsync("a");
        world.Faults.Next(request => request.Method == "POST" && request.Path.EndsWith("/tags", StringComparison.Ordinal), fault switch
        {
            nameof(Fault.DropAfterApplying) => Fault.DropAfterApplying,
            nameof(Fault.DropBeforeApplying) => Fault.DropBeforeApplying,
            _ => Fault.ApplyThenAnswer(502),
        });
        world.Send("a", Record(1, "a", tags: "New tag"), Record(2, "a", tags: "new tag"));
        await world.EventsAsync(2);
        Assert.Equal(1, Created(world, "/tags"));
        Assert.Equal(2, world.Ledger.CreatedTimeEntries.Count);
    }

    [Fact]
    public async Task AnObjectThatAnotherUserCreatesMeanwhileIsUsed()
    {
        await using var world = await StartAsync("a");
        world.Send("a", Record(1, "a", tags: "Urgent"));
        await world.EventsAsync(1);
        // Within the minute in which the list is cached.
        await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/tags", """{"name":"New tag"}""");
        world.Send("a", Record(2, "a", tags: "New tag"));
        await world.EventsAsync(2);
        Assert.Equal(1, Created(world, "/tags"));
        Assert.Equal(2, world.Ledger.CreatedTimeEntries.Count);
    }

    [Fact]
    public async Task NothingIsCreatedForARecordThatCannotBeSent()
    {
        await using var world = await StartAsync("a");
        world.Send("a", Record(1, "a", project: "New project", tags: "New tag", client: "Nobody"), Record(2, "a", tags: "New tag").Replace("record 2", "<b>", StringComparison.Ordinal), Record(3, "a", tags: new string('x', 101)));
        await world.UntilAsync("all are quarantined", () => world.Quarantine("a").Count == 3);
        Assert.Equal(0, world.Ledger.Count(call => call.Method == "POST"));
        Assert.Equal(["invalid", "invalid", "unresolved"], world.Quarantine("a").Select(entry => entry.Kind).Order());
    }

    [Fact]
    public async Task AKeyWithoutThePermissionToCreateStopsOnlyTheCreationsOfThatList()
    {
        await using var world = await TestWorld.StartAsync(new()
        {
            Settings = new Dictionary<string, string> { ["Credentials__cleo__ApiKey"] = Seed.CleoKey, ["Credentials__cleo__BaseUrl"] = $"https://{TestWorld.ApiHost}/api/v1" },
            Simulator = new() { KeepBodies = true },
        });
        await DestinationAsync(world, "a", "cleo");
        world.Send("a", Enumerable.Range(0, 10).Select(number => Record(number, "a", tags: $"New tag {number}")).Append(Record(10, "a", tags: "Urgent")));
        await world.EventsAsync(1);
        await world.UntilAsync("ten are quarantined", () => world.Quarantine("a").Count == 10);
        Assert.All(world.Quarantine("a"), entry => Assert.StartsWith("unresolved: tag \"New tag", entry.Reason, StringComparison.Ordinal));
        Assert.Contains("has no right to create one (status 403)", world.Quarantine("a")[0].Reason, StringComparison.Ordinal);
        Assert.InRange(world.Ledger.Count(call => call.Method == "POST" && call.Path.EndsWith("/tags", StringComparison.Ordinal)), 1, 10);
        Assert.Single(world.Ledger.CreatedTimeEntries);
    }

    [Fact]
    public async Task AnArchivedObjectIsRestoredAndKeepsItsMembers()
    {
        await using var world = await StartAsync();
        await world.DestinationAsync("a", Config("default", """{"tags":{"from":"Tags","archived":"restore"},"project":{"from":"Project","archived":"restore"}}""", ""","excludeAttributes":["Client"]"""));
        world.Send("a", Record(1, "a", project: "Old project", tags: "Old tag"), Record(2, "a", project: "Old project", tags: "Old tag"));
        await world.EventsAsync(2);
        Assert.All(world.Events, one => Assert.Equal("delivered", one.GetProperty("data").GetProperty("outcome").GetString()));
        Assert.Equal(2, world.Ledger.Count(call => call.Method == "PUT"));
        foreach (var path in new[] { $"projects/{Seed.ArchivedProjectId}", $"tags/{Seed.ArchivedTagId}" })
            Assert.False(JsonDocument.Parse(await world.CallAsync(HttpMethod.Get, $"/workspaces/{Seed.WorkspaceId}/{path}")).RootElement.GetProperty("archived").GetBoolean());
    }

    private static int Created(TestWorld world, string what) => world.Ledger.Count(call => call.Method == "POST" && call.EffectApplied && call.Path.EndsWith(what, StringComparison.Ordinal));

    private static int Doubles(TestWorld world, string what) =>
        world.Ledger.Calls.Where(call => call.Method == "POST" && call.EffectApplied && call.Path.EndsWith(what, StringComparison.Ordinal)).GroupBy(call => call.Path + JsonDocument.Parse(call.Body!).RootElement.GetProperty("name").GetString()!.ToUpperInvariant()).Count(group => group.Count() > 1);

    private static async Task<TestWorld> StartAsync(params string[] destinations)
    {
        var world = await TestWorld.StartAsync(new() { Simulator = new() { AddonWindows = [], KeepBodies = true } });
        foreach (var destination in destinations) await DestinationAsync(world, destination, "default");
        return world;
    }

    private static Task DestinationAsync(TestWorld world, string id, string credential) => world.DestinationAsync(id, Config(credential, Creates));

    private static string Config(string credential, string references, string rest = "") => $$"""{"credential":"{{credential}}","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"references":{{references}}{{rest}} }""";

    private static string Record(int number, string destination, string? project = null, string? task = null, string? tags = null, string client = "Acme")
    {
        var start = new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero).AddMinutes(number);
        var record = new Dictionary<string, string>
        {
            ["start"] = $"{start:yyyy-MM-dd'T'HH:mm:ss'Z'}",
            ["end"] = $"{start.AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}",
            ["description"] = $"{destination} record {number}",
            ["Client"] = project is null ? "" : client,
        };
        foreach (var (name, value) in new[] { ("Project", project), ("Task", task), ("Tags", tags) })
            if (value is not null) record[name] = value;
        return JsonSerializer.Serialize(record);
    }
}
