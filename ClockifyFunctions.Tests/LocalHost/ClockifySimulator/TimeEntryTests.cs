using ClockifyFunctions.LocalHost.ClockifySimulator;
using static ClockifyFunctions.Tests.LocalHost.ClockifySimulator.SimulatorFixture;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class TimeEntryTests
{
    private const string Entries = $"{W}/time-entries";
    private const string AdasEntries = $"{W}/user/{Seed.AdaUserId}/time-entries";
    private const string Start = "2026-07-10T05:30:00Z";

    [Fact]
    public async Task ACreateOfATimeEntryIsAnsweredWith201AndThirteenMembers()
    {
        await using var it = await StartAsync();
        var reply = await it.SendAsync("POST", Entries, new
        {
            start = "2026-07-10T07:30:00.987+02:00",
            end = "2026-07-11T08:00:05Z",
            description = "Site survey",
            billable = true,
            projectId = Seed.BridgeProjectId,
            taskId = Seed.DeckTaskId,
            tagIds = new[] { Seed.UrgentTagId, Seed.UrgentTagId },
            userId = Seed.BenUserId,
            nonsense = 1,
        });

        Assert.Equal(201, reply.Status);
        Assert.Equal(13, reply.Json.AsObject().Count);
        Assert.Equal(Seed.AdaUserId, reply.Text("userId"));
        Assert.Equal(2, reply.Json["tagIds"]!.AsArray().Count);
        Assert.Equal(
            """{"start":"2026-07-10T05:30:00Z","end":"2026-07-11T08:00:05Z","duration":"PT26H30M5S"}""",
            reply.Json["timeInterval"]!.ToJsonString());
        var created = Assert.Single(it.Simulator.Ledger.CreatedTimeEntries);
        Assert.Equal(("Site survey", reply.Text("id")), (created.Description, created.Id));
    }

    [Fact]
    public async Task AnEmptyObjectStartsATimer()
    {
        await using var it = await StartAsync();
        var reply = await it.SendAsync("POST", Entries, new { });
        Assert.Equal(201, reply.Status);
        Assert.Equal(
            """{"start":"2026-07-10T08:00:00Z","end":null,"duration":null}""", reply.Json["timeInterval"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"start":"2026-07-10T05:30:00Z","end":"2026-07-10T05:00:00Z"}""", "Start datetime 2026-07-10T05:30:00Z is greater than end datetime 2026-07-10T05:00:00Z.")]
    [InlineData("""{"start":"2026-01-01T00:00:00Z","end":"2026-03-01T00:00:00Z"}""", "Time entry cannot have duration more than 999 hours.")]
    [InlineData("""{"end":"2026-07-10T05:00:00Z"}""", "Can't create time entry with end time only.")]
    [InlineData("""{"description":"a <b>"}""", "Don't use < and > characters")]
    [InlineData("""{"projectId":"xyz"}""", "Project doesn't belong to Workspace")]
    [InlineData($$"""{"taskId":"{{Seed.DeckTaskId}}"}""", "Task doesn't belong to Project")]
    [InlineData($$"""{"projectId":"{{Seed.WebsiteProjectId}}","taskId":"{{Seed.DeckTaskId}}"}""", "Task doesn't belong to Project")]
    [InlineData("""{"tagIds":["xyz"]}""", "Tag doesn't belong to Workspace")]
    [InlineData($$"""{"tagIds":["{{Seed.ArchivedTagId}}"]}""", "You can not create entities for archived tag")]
    [InlineData("""{"type":"BREAK"}""", "Break feature is not enabled on workspace.")]
    public async Task ABadCreateIsAnsweredWith400AndCode501AndChangesNothing(string body, string message)
    {
        await using var it = await StartAsync();
        (await it.SendAsync("POST", Entries, body)).Is(400, 501, message);
        Assert.Empty(it.Simulator.Ledger.CreatedTimeEntries);
    }

    [Theory]
    [InlineData("{", 3002, "JSON parse error:")]
    [InlineData("""{"end":null,"end":null}""", 3002, "JSON parse error:")]
    [InlineData("[]", 3002, "JSON parse error:")]
    [InlineData("""{"billable":{}}""", 3002, "JSON parse error:")]
    [InlineData("""{"tagIds":"x"}""", 3002, "JSON parse error:")]
    [InlineData("""{"type":"LUNCH"}""", 3002, "JSON parse error:")]
    [InlineData("""{"start":"2026-07-10T05:30:00"}""", 501, "You entered invalid value for field: [start]")]
    [InlineData("""{"start":""}""", 501, "You entered invalid value for field: [start]")]
    [InlineData("""{"end":5}""", 501, "You entered invalid value for field: [end]")]
    [InlineData("", 3002, "Required request body is missing")]
    public async Task AMalformedBodyIsAnsweredWith400(string body, int code, string message)
    {
        await using var it = await StartAsync();
        (await it.SendAsync("POST", Entries, body)).Starts(400, code, message);
    }

    [Fact]
    public async Task IdenticalCreatesMakeTwoEntriesAndAnArchivedProjectIsAccepted()
    {
        await using var it = await StartAsync();
        var body = new { start = Start, end = "2026-07-10T06:00:00Z", projectId = Seed.ArchivedProjectId };
        var first = await it.SendAsync("POST", Entries, body);
        var second = await it.SendAsync("POST", Entries, body);
        Assert.Equal((201, 201), (first.Status, second.Status));
        Assert.NotEqual(first.Text("id"), second.Text("id"));
    }

    [Fact]
    public async Task AnUpdateReplacesAllMembersExceptTheType()
    {
        await using var it = await StartAsync(new WorkspaceFlags { Breaks = true });
        var id = (await it.SendAsync("POST", Entries, new
        {
            start = Start,
            end = "2026-07-10T06:00:00Z",
            description = "x",
            type = "BREAK",
            projectId = Seed.BridgeProjectId,
            tagIds = new[] { Seed.UrgentTagId },
        })).Text("id");

        (await it.SendAsync("PUT", $"{Entries}/{id}", new { description = "y" }))
            .Starts(400, 501, "You entered invalid value for field: [start]");
        var reply = await it.SendAsync("PUT", $"{Entries}/{id}", new { start = Start });
        Assert.Equal(200, reply.Status);
        Assert.Equal(("", "BREAK"), (reply.Text("description"), reply.Text("type")));
        Assert.Null(reply.Json["projectId"]);
        Assert.Null(reply.Json["tagIds"]);
        Assert.Null(reply.Json["timeInterval"]!["end"]);
    }

    [Fact]
    public async Task ASecondDeleteOrAnUnknownIdIsAnsweredWith400AndCode501()
    {
        await using var it = await StartAsync();
        var id = await it.CreateEntryAsync("x");
        Assert.Equal((204, ""), ((await it.SendAsync("DELETE", $"{Entries}/{id}")) is var r ? (r.Status, r.Raw) : default));
        foreach (var (method, unknown) in new[] { ("DELETE", id), ("GET", id), ("PUT", "not-hex") })
        {
            (await it.SendAsync(method, $"{Entries}/{unknown}", method == "PUT" ? new { start = Start } : null))
                .Is(400, 501, "Time entry doesn't belong to Workspace");
        }
    }

    [Fact]
    public async Task ASecondStopOfATimerIsAnsweredWith404()
    {
        await using var it = await StartAsync();
        var id = await it.CreateEntryAsync("running");
        var stopped = await it.SendAsync("PATCH", AdasEntries, new { end = "2026-07-10T07:00:00Z" });
        Assert.Equal((200, id), (stopped.Status, stopped.Text("id")));
        Assert.Equal("PT1H30M", stopped.Json["timeInterval"]!["duration"]!.ToString());
        (await it.SendAsync("PATCH", AdasEntries, new { end = "2026-07-10T07:00:00Z" })).Is(
            404,
            404,
            $"Currently running time entry doesn't exist on workspace {Seed.WorkspaceId} for user {Seed.AdaUserId}.");
    }

    [Fact]
    public async Task ASecondTimerStopsTheFirst()
    {
        await using var it = await StartAsync();
        var first = await it.CreateEntryAsync("first");
        var second = await it.CreateEntryAsync("second");
        var old = await it.SendAsync("GET", $"{Entries}/{first}");
        Assert.Equal("2026-07-10T08:00:00Z", old.Json["timeInterval"]!["end"]!.ToString());
        Assert.Equal(15, old.Json.AsObject().Count);
        var running = (await it.SendAsync("GET", $"{AdasEntries}?in-progress=true")).List;
        Assert.Equal(second, Assert.Single(running)!["id"]!.ToString());
    }

    [Fact]
    public async Task AListIsNewestFirstAndPaged()
    {
        await using var it = await StartAsync();
        for (var hour = 0; hour < 3; hour++)
        {
            await it.SendAsync("POST", Entries, new { start = $"2026-07-10T0{hour}:00:00Z", end = "2026-07-10T07:00:00Z", description = $"h{hour}" });
        }

        Assert.Equal(["h2", "h1", "h0"], await Descriptions(""));
        Assert.Equal(["h0"], await Descriptions("?page=2&page-size=2"));
        Assert.Equal(["h1"], await Descriptions("?description=H1"));
        (await it.SendAsync("GET", $"{AdasEntries}?page=x")).Starts(400, 3000, "Failed to convert");

        async Task<IEnumerable<string>> Descriptions(string query) =>
            (await it.SendAsync("GET", AdasEntries + query)).List.Select(e => e!["description"]!.ToString());
    }

    [Fact]
    public async Task ADateFilterFindsANewEntryLaterThanADescriptionFilter()
    {
        await using var it = await StartAsync();
        await it.CreateEntryAsync("fresh");
        const string window = "?start=2026-07-10T00:00:00Z&end=2026-07-11T00:00:00Z";
        Assert.Empty((await it.SendAsync("GET", AdasEntries + window)).List);
        Assert.Single((await it.SendAsync("GET", AdasEntries + "?description=fresh")).List);
        it.Time.Advance(TimeSpan.FromSeconds(45));
        Assert.Single((await it.SendAsync("GET", AdasEntries + window)).List);
    }

    [Fact]
    public async Task OnlyOwnersAndAdminsWriteForOthers()
    {
        await using var it = await StartAsync();
        var reply = await it.SendAsync("POST", $"{W}/user/{Seed.CleoUserId}/time-entries", new { start = Start }, Seed.BenKey);
        Assert.Equal((201, Seed.CleoUserId), (reply.Status, reply.Text("userId")));
        (await it.SendAsync("POST", AdasEntries, new { start = Start }, Seed.CleoKey)).Is(403, 501, "Access Denied");
    }

    [Fact]
    public async Task WorkspaceFlagsRefuseTheCallsThatTheyDescribe()
    {
        await using var it = await StartAsync(new WorkspaceFlags
        {
            ForceProjects = true,
            LockedBefore = new DateTimeOffset(2026, 7, 10, 0, 0, 0, TimeSpan.Zero),
        });
        (await it.SendAsync("POST", Entries, new { start = "2026-07-09T00:00:00Z" }, Seed.CleoKey))
            .Is(403, 1003, "Can't edit locked time entry.");
        Assert.Equal(201, (await it.SendAsync("POST", Entries, new { start = "2026-07-09T00:00:00Z" })).Status);
        (await it.SendAsync("POST", Entries, new { start = Start, end = "2026-07-10T06:00:00Z" }))
            .Starts(400, 501, "Time entry couldn't be created. Project is either required");
        (await it.SendAsync("PATCH", AdasEntries, new { end = "2026-07-10T06:00:00Z" })).Starts(400, 501, "Time entry couldn't");
    }

    [Fact]
    public async Task AForcedTimerExemptsAnAdminOnlyByUserId()
    {
        await using var it = await StartAsync(new WorkspaceFlags { ForceTimer = true, TrackTimeDownToSecond = false });
        var body = new { start = Start, end = "2026-07-10T06:00:01Z" };
        (await it.SendAsync("POST", Entries, body)).Is(403, 4030, "Manual time tracking disabled");
        var exempt = await it.SendAsync("POST", AdasEntries, body);
        Assert.Equal("PT31M", exempt.Json["timeInterval"]!["duration"]!.ToString());
    }
}
