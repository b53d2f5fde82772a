using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.References;

/// <summary>Records name objects, and the app finds their ids with few calls and without guessing.</summary>
public sealed class ReferenceTests
{
    private const string Names = """{"client":"Client","project":{"from":"Project","within":"client"},"task":"Task","tags":{"from":"Tags","split":";"}}""";

    [Fact]
    public async Task NamesBecomeIdsAndOneLookupServesManyRecords()
    {
        await using var world = await StartAsync(Names);
        world.Send("named", Enumerable.Range(0, 60).Select(number => Record(number, "Acme", project: number == 0 ? " bridge Inspection " : "Bridge inspection", task: "Deck survey", tags: "Urgent; On site")));
        await world.EventsAsync(60);

        var bodies = world.Ledger.Calls.Where(call => call.Method == "POST").Select(call => JsonDocument.Parse(call.Body!).RootElement).ToArray();
        Assert.Equal(60, bodies.Length);
        Assert.All(bodies, body =>
        {
            Assert.Equal((Seed.BridgeProjectId, Seed.DeckTaskId), (body.GetProperty("projectId").GetString(), body.GetProperty("taskId").GetString()));
            Assert.Equal([Seed.UrgentTagId, Seed.OnSiteTagId], body.GetProperty("tagIds").EnumerateArray().Select(id => id.GetString()));
            Assert.False(body.TryGetProperty("Project", out _));
        });
        // Lookups of clients, projects, tags, and the tasks of one project.
        Assert.Equal(4, world.Ledger.Count(call => call.IsLookup));
        var resolved = Assert.Single(world.Events, one => one.GetProperty("data").TryGetProperty("resolved", out _)).GetProperty("data").GetProperty("resolved").GetProperty("project");
        Assert.Equal((" bridge Inspection ", "Bridge inspection", Seed.BridgeProjectId), (resolved.GetProperty("said").GetString(), resolved.GetProperty("is").GetString(), resolved.GetProperty("id").GetString()));
        world.AssertLimitsKept();
    }

    [Theory]
    [InlineData("Acme", "Websit", "Deck survey", "", "unresolved: project \"Websit\" does not exist in client \"Acme\".")]
    [InlineData("", "Websit", "", "", "unresolved: project \"Websit\" does not exist in this workspace. Similar names: Website.")]
    [InlineData("Acme", "Website", "", "", "wrong parent: project \"Website\" exists without a client but not in \"Acme\".")]
    [InlineData("Acme", "Bridge inspection", "", "Old tag", "archived: tag \"Old tag\" is archived and Clockify refuses it. references.tags.archived = \"restore\" restores it.")]
    [InlineData("Nobody", "Bridge inspection", "Deck survey", "Unknown", "unresolved: client \"Nobody\" does not exist in this workspace.")]
    [InlineData("", "", "Deck survey", "", "unresolved: task \"Deck survey\" cannot be searched, because the record names no project. Give it the attribute 'Project', or leave 'Task' empty.")]
    public async Task ARecordThatNamesNoObjectIsQuarantinedWithTheRemedy(string client, string project, string task, string tags, string expected)
    {
        await using var world = await StartAsync(Names);
        world.Send("named", Record(1, client, project, task, tags));
        await world.UntilAsync("the record is quarantined", () => world.Quarantine("named").Count == 1);
        var entry = Assert.Single(world.Quarantine("named"));
        Assert.StartsWith(expected, entry.Reason, StringComparison.Ordinal);
        Assert.Equal(expected[..expected.IndexOf(':', StringComparison.Ordinal)], entry.Kind);
        Assert.Empty(world.Ledger.CreatedTimeEntries);
        // If a parent fails, the children are not reported.
        if (client == "Nobody") Assert.DoesNotContain("task", entry.Reason, StringComparison.Ordinal);
        if (client == "Nobody") Assert.Contains("tag \"Unknown\"", entry.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameOfTwoProjectsIsAmbiguousWithoutTheClient()
    {
        await using var world = await StartAsync("""{"project":"Project"}""");
        await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/projects", $$"""{"name":"Website","clientId":"{{Seed.GlobexClientId}}"}""");
        world.Send("named", Record(1, project: "Website"));
        await world.UntilAsync("the record is quarantined", () => world.Quarantine("named").Count == 1);
        var reason = Assert.Single(world.Quarantine("named")).Reason;
        Assert.StartsWith("ambiguous: project \"Website\" is one of ", reason, StringComparison.Ordinal);
        Assert.Contains(Seed.WebsiteProjectId, reason, StringComparison.Ordinal);
        Assert.Contains("Specify the client too: references.project.within = \"client\".", reason, StringComparison.Ordinal);

        await DestinationAsync(world, Names);
        await world.PassAsync(DestinationStore.CacheFor);
        world.Send("named", Record(2, "globex", "Website"));
        await world.EventsAsync(1);
        Assert.Single(world.Ledger.CreatedTimeEntries);
    }

    [Fact]
    public async Task OneUnknownNameInManyRecordsCostsOneCallPerMinute()
    {
        await using var world = await StartAsync("""{"project":"Project"}""");
        world.Send("named", Record(0, project: "Website"));
        await world.EventsAsync(1);
        var before = world.Ledger.Calls.Count;
        var started = world.Clock.GetUtcNow();
        world.SendTogether("named", Enumerable.Range(1, 5000).Select(number => Record(number, project: "Unknown")));
        world.SendTogether("named", Enumerable.Range(5001, 5000).Select(number => Record(number, project: "Unknown")));
        await world.UntilAsync("no record waits", () => world.Waiting("named") == 0, TimeSpan.FromHours(1));
        Assert.Equal(10_000, world.Quarantine("named").Count);
        Assert.InRange(world.Ledger.Calls.Count - before, 0, 1 + (int)(world.Clock.GetUtcNow() - started).TotalMinutes);
    }

    [Fact]
    public async Task AnObjectThatWasDeletedAfterTheListingIsSearchedAgainOnce()
    {
        await using var world = await StartAsync("""{"project":"Project"}""");
        world.Send("named", Record(1, project: "Website"));
        await world.EventsAsync(1);
        // A person replaces the project by another one with the same name.
        await world.CallAsync(HttpMethod.Put, $"/workspaces/{Seed.WorkspaceId}/projects/{Seed.WebsiteProjectId}", """{"name":"Website","archived":true}""");
        await world.CallAsync(HttpMethod.Delete, $"/workspaces/{Seed.WorkspaceId}/projects/{Seed.WebsiteProjectId}");
        var created = JsonDocument.Parse(await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/projects", """{"name":"Website"}""")).RootElement.GetProperty("id").GetString();
        await world.PassAsync(TimeSpan.FromMinutes(2));

        world.Send("named", Record(2, project: "Website"));
        await world.EventsAsync(2);
        var posts = world.Ledger.Calls.Where(call => call.Method == "POST" && call.Path.EndsWith("/time-entries", StringComparison.Ordinal)).Skip(1).Select(call => (call.Status, JsonDocument.Parse(call.Body!).RootElement.GetProperty("projectId").GetString())).ToArray();
        Assert.Equal([(400, Seed.WebsiteProjectId), (201, created)], posts);

        // If the project does not exist at all, the record is quarantined after one more call.
        await world.CallAsync(HttpMethod.Put, $"/workspaces/{Seed.WorkspaceId}/projects/{created}", """{"name":"Website","archived":true}""");
        await world.CallAsync(HttpMethod.Delete, $"/workspaces/{Seed.WorkspaceId}/projects/{created}");
        await world.PassAsync(TimeSpan.FromMinutes(2));
        world.Send("named", Record(3, project: "Website"));
        await world.UntilAsync("the record is quarantined", () => world.Quarantine("named").Count == 1);
        Assert.StartsWith("unresolved", Assert.Single(world.Quarantine("named")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AListThatCannotBeReadPostponesTheRecordsAndQuarantinesNone()
    {
        await using var world = await StartAsync("""{"project":"Project"}""");
        world.Api.IsDown = true;
        world.Send("named", Enumerable.Range(0, 30).Select(number => Record(number, project: "Website")));
        await world.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(world.Quarantine("named"));
        world.Api.IsDown = false;
        await world.EventsAsync(30, TimeSpan.FromHours(1));
        Assert.Equal(30, world.Ledger.CreatedTimeEntries.Count);
        world.AssertLimitsKept();
    }

    [Fact]
    public async Task LookupsLeaveHalfOfThePermitsToOtherDestinations()
    {
        await using var world = await StartAsync("""{"project":"Project","task":"Task"}""");
        for (var number = 0; number < 40; number++)
            await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/projects", $$"""{"name":"Project {{number}}"}""");
        world.Send("named", Enumerable.Range(0, 40).Select(number => Record(number, project: $"Project {number}", task: "Unknown")));
        world.Send("entries", Enumerable.Range(0, 80).Select(number => $$"""{"start":"2026-11-03T08:{{number % 60:00}}:00Z","end":"2026-11-03T09:{{number % 60:00}}:00Z","description":"other {{number}}"}"""));
        await world.EventsAsync(80);
        var calls = world.Ledger.CallsOf(Seed.AdaKey);
        foreach (var call in calls.Where(one => one.IsLookup))
            Assert.InRange(calls.Count(other => other.IsLookup && other.Timestamp <= call.Timestamp && world.Clock.GetElapsedTime(other.Timestamp, call.Timestamp) < TimeSpan.FromMilliseconds(950)), 1, 5);
        world.AssertLimitsKept();
    }

    [Fact]
    public async Task AnEntryForAnotherUserWhoseAnswerWasLostIsFoundAmongTheirEntries()
    {
        await using var world = await StartAsync("""{"user":"E-mail"}""", "createTimeEntryForUser");
        world.Faults.Next(request => request.Method == "POST", Fault.DropAfterApplying);
        world.Send("named", Record(1, user: "BEN@example.com"));
        await world.EventsAsync(1);
        Assert.True(Assert.Single(world.Events).GetProperty("data").GetProperty("verified").GetBoolean());
        Assert.Equal(Seed.BenUserId, Assert.Single(world.Ledger.CreatedTimeEntries).UserId);
        Assert.Equal(1, world.Ledger.Count(call => call.Method == "POST"));
    }

    private static async Task<TestWorld> StartAsync(string references, string endpoint = "createTimeEntry")
    {
        var world = await TestWorld.StartAsync(new() { Simulator = new() { AddonWindows = [], KeepBodies = true } });
        await DestinationAsync(world, references, endpoint);
        return world;
    }

    private static Task DestinationAsync(TestWorld world, string references, string endpoint = "createTimeEntry") =>
        world.DestinationAsync("named", $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"references":{{references}} }""");

    private static string Record(int number, string? client = null, string? project = null, string? task = null, string? tags = null, string? user = null)
    {
        var start = new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero).AddMinutes(number);
        var record = new Dictionary<string, string> { ["start"] = $"{start:yyyy-MM-dd'T'HH:mm:ss'Z'}", ["end"] = $"{start.AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}", ["description"] = $"record {number}" };
        foreach (var (name, value) in new[] { ("Client", client), ("Project", project), ("Task", task), ("Tags", tags), ("E-mail", user) })
            if (value is not null) record[name] = value;
        return JsonSerializer.Serialize(record);
    }
}
