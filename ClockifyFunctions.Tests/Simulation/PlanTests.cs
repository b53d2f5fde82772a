using System.Text;
using System.Text.Json;
using ClockifyFunctions.Api;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClockifyFunctions.Tests.Simulation;

/// <summary>A plan shows the same changes as the delivery, and lost links are found again.</summary>
public sealed class PlanTests
{
    [Fact]
    public async Task APlanHasTheSameChangesAsTheDelivery()
    {
        await using var world = await LoadedAsync(",\"mode\":\"mirror\"");
        await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/projects", """{"name":"Project adopted"}""");
        await world.PassAsync(TimeSpan.FromMinutes(16));
        string[] records =
        [
            .. Projects(0, 8), """{"key":"k8","name":"Project 8","note":"changed"}""", """{"key":"new","name":"Project new"}""", """{"key":"adopted","name":"Project adopted"}""",
            """{"name":"Project without key"}""", """{"key":"k0","name":"Project twice"}""",
        ];
        var before = world.Ledger.Calls.Count;
        var plan = await PlanAsync(world, records, "?run=complete");

        Assert.Equal(8, plan.GetProperty("unchanged").GetInt32());
        Assert.Equal(["adopt", "archive", "create", "error", "error", "update"], plan.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("step").GetString()!).Order(StringComparer.Ordinal));
        var update = Row(plan, "update");
        Assert.Equal(("k8", "Project 8"), (update.GetProperty("key").GetString(), update.GetProperty("label").GetString()));
        Assert.Equal("note: \"\" -> \"changed\"", update.GetProperty("details")[0].GetString());
        Assert.Equal(("k9", "Project 9"), (Row(plan, "archive").GetProperty("key").GetString(), Row(plan, "archive").GetProperty("label").GetString()));
        var text = plan.GetProperty("text").GetString()!;
        Assert.Contains("+ create   project", text);
        Assert.Contains("- archive  project    Project 9", text);
        Assert.Contains("row 13 ", text);
        Assert.Contains("has the same key as record 1", text);
        Assert.Contains("1 of the linked objects would vanish, and 1 record has no key", text);
        Assert.DoesNotContain(world.Ledger.Calls.Skip(before), call => call.Method != "GET");

        before = world.Ledger.Calls.Count;
        world.SendRun("second", records);
        world.Complete("second", records.Length);
        await world.SettledAsync();
        Assert.Equal(0, world.Change("archived"));
        world.SendRun("second", ["""{"vanished":1}"""], "approve");
        await world.ChangesAsync("archived", 1);
        await world.SettledAsync();
        Assert.Equal((1, 1, 1), (world.Change("adopted"), world.Change("updated"), world.Change("created") - 10));
        // The list of projects may be read once more, because it expires and each process has its own copy.
        Assert.Equal(plan.GetProperty("calls").GetInt32(), world.Ledger.Calls.Skip(before).Count(call => !call.Path.EndsWith("/projects", StringComparison.Ordinal) || call.Method != "GET"));
        Assert.Equal(2, world.Quarantine(SyncWorld.Id).Count);
    }

    [Fact]
    public async Task APlanOfABlockedRunShowsTheBlock()
    {
        await using var world = await LoadedAsync(",\"mode\":\"mirror\",\"limits\":{\"percent\":10,\"atLeast\":2}");
        var plan = await PlanAsync(world, Projects(0, 5), "?run=complete");
        Assert.Equal(5, plan.GetProperty("rows").EnumerateArray().Count(row => row.GetProperty("step").GetString() == "archive"));
        Assert.Contains("approves exactly 5", plan.GetProperty("note").GetString());
    }

    [Fact]
    public async Task AStalePlanIsNotApplied()
    {
        await using var world = await LoadedAsync("");
        var plan = await PlanAsync(world, Projects(0, 11), "");
        var version = plan.GetProperty("version").GetString();
        Assert.Equal(202, (await SendAsync(world, Projects(0, 11), $"?plan={version}")).Status);
        await world.ChangesAsync("created", 11);
        await world.SettledAsync();
        var (status, answer) = await SendAsync(world, Projects(0, 11), $"?plan={version}");
        Assert.Equal(409, status);
        Assert.Contains("stale", answer);
    }

    [Fact]
    public async Task ChangesInClockifyAreShownAndRepaired()
    {
        await using var world = await LoadedAsync(",\"drift\":\"repair\"");
        var projects = world.Workspace().Projects.Values.Where(one => one.Name.StartsWith("Project ", StringComparison.Ordinal)).OrderBy(one => one.Name, StringComparer.Ordinal).ToArray();
        await world.CallAsync(HttpMethod.Put, $"/workspaces/{Seed.WorkspaceId}/projects/{projects[3].Id}", """{"name":"Renamed"}""");
        await world.CallAsync(HttpMethod.Put, $"/workspaces/{Seed.WorkspaceId}/projects/{projects[4].Id}", """{"name":"Project 4","archived":true}""");
        await world.CallAsync(HttpMethod.Delete, $"/workspaces/{Seed.WorkspaceId}/projects/{projects[4].Id}");
        await world.PassAsync(TimeSpan.FromMinutes(16));

        var plan = await PlanAsync(world, Projects(0, 10), "");
        Assert.Equal(["name: \"Renamed\" -> \"Project 3\"", "was deleted in Clockify: is created again"], plan.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("details")[0].GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(202, (await SendAsync(world, Projects(0, 10), "?repair=true")).Status);
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
        await using var world = await LoadedAsync($",\"drift\":\"repair\",\"gone\":\"{gone}\"");
        var projects = world.Workspace().Projects.Values.Where(one => one.Name.StartsWith("Project ", StringComparison.Ordinal)).OrderBy(one => one.Name, StringComparer.Ordinal).ToArray();
        await ChangeAsync(projects[1], """{"name":"Renamed"}""");
        await ChangeAsync(projects[2], """{"name":"Project 2","archived":true}""");
        await ChangeAsync(projects[3], """{"name":"Project 3","archived":true}""");
        await world.CallAsync(HttpMethod.Delete, $"/workspaces/{Seed.WorkspaceId}/projects/{projects[3].Id}");
        await world.PassAsync(TimeSpan.FromMinutes(16));

        var plan = await PlanAsync(world, Projects(0, 10), "");
        var (before, calls) = (world.Writes().Count, world.Ledger.Calls.Count);
        Assert.Equal(202, (await SendAsync(world, Projects(0, 10), $"?repair=true&plan={plan.GetProperty("version").GetString()}")).Status);
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
        await using var world = await LoadedAsync("");
        await world.DeleteLinksAsync();
        var before = world.Ledger.Calls.Count;
        var context = Context(Projects(0, 12), "");
        var (status, answer) = await AnswerAsync(world, context, world.App.Get<SyncApi>().RelinkAsync(SyncWorld.Id, context.Request, CancellationToken.None));
        Assert.Equal((200, 10), (status, JsonDocument.Parse(answer).RootElement.GetProperty("found").GetInt32()));
        Assert.Equal("GET", Assert.Single(world.Ledger.Calls.Skip(before)).Method);

        world.SendTogether(SyncWorld.Id, Projects(0, 10));
        await world.ChangesAsync("unchanged", 10);
        Assert.Single(world.Ledger.Calls.Skip(before));
    }

    [Fact]
    public async Task AResyncSendsEverythingAgain()
    {
        await using var world = await LoadedAsync("");
        var context = Context([], "");
        Assert.Equal(200, (await AnswerAsync(world, context, world.App.Get<SyncApi>().ResyncAsync(SyncWorld.Id, CancellationToken.None))).Status);
        world.SendTogether(SyncWorld.Id, Projects(0, 10));
        await world.ChangesAsync("updated", 10);
        Assert.Equal(10, world.Change("created"));
    }

    [Fact]
    public async Task ARequestWithTheSameIdempotencyKeyIsQueuedOnce()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        var first = await SendAsync(world, SyncWorld.Tags(0, 3), "", "key-1");
        var second = await SendAsync(world, SyncWorld.Tags(0, 3), "", "key-1");
        Assert.Equal((202, 202, first.Answer), (first.Status, second.Status, second.Answer));
        Assert.Equal(422, (await SendAsync(world, SyncWorld.Tags(0, 4), "", "key-1")).Status);
        await world.ChangesAsync("created", 3);
        await world.SettledAsync();
        Assert.Equal(0, world.Change("unchanged"));

        await world.PassAsync(TimeSpan.FromHours(24));
        Assert.Equal(202, (await SendAsync(world, SyncWorld.Tags(0, 4), "", "key-1")).Status);
        await world.ChangesAsync("unchanged", 3);
    }

    [Fact]
    public async Task AFileThatIsACompleteRunIsMirrored()
    {
        await using var world = await LoadedAsync(",\"mode\":\"mirror\"");
        var (status, answer) = await SendAsync(world, Projects(0, 9), "?run=complete");
        Assert.Equal(202, status);
        Assert.NotEmpty(JsonDocument.Parse(answer).RootElement.GetProperty("run").GetString()!);
        await world.ChangesAsync("archived", 1);
    }

    private static IEnumerable<string> Projects(int from, int count) => Enumerable.Range(from, count).Select(number => $$"""{"key":"k{{number}}","name":"Project {{number}}"}""");

    /// <summary>A world with ten projects that records have created.</summary>
    private static async Task<TestWorld> LoadedAsync(string members)
    {
        var world = await TestWorld.StartAsync();
        await world.SyncAsync("projects", members);
        world.SendTogether(SyncWorld.Id, Projects(0, 10));
        await world.ChangesAsync("created", 10);
        await world.SettledAsync();
        return world;
    }

    private static async Task<JsonElement> PlanAsync(TestWorld world, IEnumerable<string> records, string query)
    {
        var context = Context(records, query);
        var (status, answer) = await AnswerAsync(world, context, world.App.Get<SyncApi>().PlanAsync(SyncWorld.Id, context.Request, CancellationToken.None));
        Assert.True(status == 200, answer);
        ApiDescription.AssertDescribes("planRecords", 200, [], "application/json", answer);
        return JsonDocument.Parse(answer).RootElement;
    }

    private static Task<(int Status, string Answer)> SendAsync(TestWorld world, IEnumerable<string> records, string query, string? key = null)
    {
        var context = Context(records, query);
        if (key is not null) context.Request.Headers["Idempotency-Key"] = key;
        return AnswerAsync(world, context, world.App.Get<RecordsApi>().SendAsync(SyncWorld.Id, context.Request, CancellationToken.None));
    }

    private static DefaultHttpContext Context(IEnumerable<string> records, string query)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/x-ndjson";
        context.Request.QueryString = new QueryString(query);
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', records)));
        return context;
    }

    private static async Task<(int Status, string Answer)> AnswerAsync(TestWorld world, DefaultHttpContext context, Task<IResult> asked)
    {
        var answer = await world.DoneAsync("the request is answered", asked);
        var status = Assert.IsAssignableFrom<IStatusCodeHttpResult>(answer).StatusCode ?? 200;
        using var body = new MemoryStream();
        context.Response.Body = body;
        context.RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider();
        await answer.ExecuteAsync(context);
        return (status, Encoding.UTF8.GetString(body.ToArray()));
    }

    private static JsonElement Row(JsonElement plan, string step) => plan.GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("step").GetString() == step);
}
