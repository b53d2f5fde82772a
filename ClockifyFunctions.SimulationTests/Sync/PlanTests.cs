using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>A plan shows the same changes as the delivery.</summary>
public sealed class PlanTests
{
    [Fact]
    public async Task APlanHasTheSameChangesAsTheDelivery()
    {
        await using var world = await SyncRequests.WithProjectsAsync(",\"mode\":\"mirror\"");
        await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/projects", """{"name":"Project adopted"}""");
        await world.PassAsync(TimeSpan.FromMinutes(16));
        string[] records =
        [
            .. SyncRequests.Projects(0, 8), """{"key":"k8","name":"Project 8","note":"changed"}""", """{"key":"new","name":"Project new"}""", """{"key":"adopted","name":"Project adopted"}""",
            """{"name":"Project without key"}""", """{"key":"k0","name":"Project twice"}""",
        ];
        var before = world.Ledger.Calls.Count;
        var plan = await world.PlanAsync(records, "?run=complete");

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
        await using var world = await SyncRequests.WithProjectsAsync(",\"mode\":\"mirror\",\"limits\":{\"percent\":10,\"atLeast\":2}");
        var plan = await world.PlanAsync(SyncRequests.Projects(0, 5), "?run=complete");
        Assert.Equal(5, plan.GetProperty("rows").EnumerateArray().Count(row => row.GetProperty("step").GetString() == "archive"));
        Assert.Contains("approves exactly 5", plan.GetProperty("note").GetString());
    }

    [Fact]
    public async Task AStalePlanIsNotApplied()
    {
        await using var world = await SyncRequests.WithProjectsAsync("");
        var plan = await world.PlanAsync(SyncRequests.Projects(0, 11), "");
        var version = plan.GetProperty("version").GetString();
        Assert.Equal(202, (await world.PostAsync(SyncRequests.Projects(0, 11), $"?plan={version}")).Status);
        await world.ChangesAsync("created", 11);
        await world.SettledAsync();
        var (status, answer) = await world.PostAsync(SyncRequests.Projects(0, 11), $"?plan={version}");
        Assert.Equal(409, status);
        Assert.Contains("stale", answer);
    }

    [Fact]
    public async Task APlanAfterADeliveryKnowsTheObjectsThatTheDeliveryCreated()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("projects", ",\"drift\":\"report\",\"references\":{\"client\":{\"from\":\"customer\",\"missing\":\"create\"}}");
        string[] records = ["""{"key":"k1","name":"Project 1","customer":"Initech"}"""];
        Assert.Equal(["create", "create"], Steps(await world.PlanAsync(records, "")));
        world.SendTogether(SyncWorld.Id, records);
        await world.ChangesAsync("created", 1);
        await world.SettledAsync();
        Assert.Empty(Steps(await world.PlanAsync(records, "")));

        static IEnumerable<string> Steps(JsonElement plan) => plan.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("step").GetString()!);
    }

    [Fact]
    public async Task ARequestWithTheSameIdempotencyKeyIsQueuedOnce()
    {
        await using var world = await TestWorld.StartAsync();
        await world.SyncAsync("tags");
        var first = await world.PostAsync(SyncWorld.Tags(0, 3), "", "key-1");
        var second = await world.PostAsync(SyncWorld.Tags(0, 3), "", "key-1");
        Assert.Equal((202, 202, first.Answer), (first.Status, second.Status, second.Answer));
        Assert.Equal(422, (await world.PostAsync(SyncWorld.Tags(0, 4), "", "key-1")).Status);
        await world.ChangesAsync("created", 3);
        await world.SettledAsync();
        Assert.Equal(0, world.Change("unchanged"));

        await world.PassAsync(TimeSpan.FromHours(24));
        Assert.Equal(202, (await world.PostAsync(SyncWorld.Tags(0, 4), "", "key-1")).Status);
        await world.ChangesAsync("unchanged", 3);
    }

    [Fact]
    public async Task AFileThatIsACompleteRunIsMirrored()
    {
        await using var world = await SyncRequests.WithProjectsAsync(",\"mode\":\"mirror\"");
        var (status, answer) = await world.PostAsync(SyncRequests.Projects(0, 9), "?run=complete");
        Assert.Equal(202, status);
        Assert.NotEmpty(JsonDocument.Parse(answer).RootElement.GetProperty("run").GetString()!);
        await world.ChangesAsync("archived", 1);
    }

    private static JsonElement Row(JsonElement plan, string step) => plan.GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("step").GetString() == step);
}
