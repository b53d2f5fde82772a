using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using static ClockifyFunctions.Tests.LocalHost.ClockifySimulator.SimulatorFixture;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

/// <summary>User groups, custom fields, categories, policies and holidays, which the simulator defines by data.</summary>
public sealed class ObjectTests
{
    [Theory]
    [InlineData("user-groups", """{"name":"A"}""", 201, 200)]
    [InlineData("custom-fields", """{"name":"A","type":"TXT"}""", 201, 204)]
    [InlineData("time-off/policies", """{"name":"A","approve":{}}""", 201, 200)]
    [InlineData("webhooks", """{"name":"A","url":"https://a.example","webhookEvent":"NEW_TAG","triggerSource":[],"triggerSourceType":"WORKSPACE_ID"}""", 201, 200)]
    [InlineData("holidays", """{"name":"A","datePeriod":{"startDate":"2026-01-01","endDate":"2026-01-01"}}""", 200, 200)]
    public async Task AnObjectIsCreatedUpdatedAndDeleted(string list, string body, int created, int deleted)
    {
        await using var it = await StartAsync();
        var first = await it.SendAsync("POST", $"{W}/{list}", body);
        Assert.Equal((created, "A"), (first.Status, first.Text("name")));
        var one = $"{W}/{list}/{first.Text("id")}";
        var renamed = JsonNode.Parse(body)!.AsObject();
        renamed["name"] = "B";
        Assert.Equal("B", (await it.SendAsync("PUT", one, renamed.ToJsonString())).Text("name"));
        Assert.Equal(deleted, (await it.SendAsync("DELETE", one)).Status);
        Assert.Equal(400, (await it.SendAsync("DELETE", one)).Status);
    }

    [Fact]
    public async Task AGroupHasNoSingleReadAndAUniqueName()
    {
        await using var it = await StartAsync();
        Assert.Equal(405, (await it.SendAsync("GET", $"{W}/user-groups/{Seed.SurveyorsGroupId}")).Status);
        (await it.SendAsync("POST", $"{W}/user-groups", new { name = "Surveyors" })).Is(400, 501, "User group with name 'Surveyors' already exists");
        (await it.SendAsync("POST", $"{W}/user-groups", new { name = "" })).Is(400, 501, "User group name is required");
    }

    [Fact]
    public async Task AGroupKeepsItsMembersWhenItIsRenamed()
    {
        await using var it = await StartAsync();
        const string group = $"{W}/user-groups/{Seed.SurveyorsGroupId}";
        await it.SendAsync("POST", $"{group}/users", new { userId = Seed.BenUserId });
        Assert.Equal($"""["{Seed.BenUserId}"]""", (await it.SendAsync("PUT", group, new { name = "Inspectors" })).Json["userIds"]!.ToJsonString());
        Assert.Equal("[]", (await it.SendAsync("DELETE", $"{group}/users/{Seed.BenUserId}")).Json["userIds"]!.ToJsonString());
        (await it.SendAsync("POST", $"{group}/users", new { userId = "nobody" })).Is(400, 501, "User doesn't belong to Workspace");
    }

    [Fact]
    public async Task AnUpdateClearsMembersThatItOmits()
    {
        await using var it = await StartAsync();
        var field = await it.SendAsync("POST", $"{W}/custom-fields", new { name = "Region", type = "DROPDOWN_SINGLE", allowedValues = new[] { "North" }, description = "Where" });
        var updated = await it.SendAsync("PUT", $"{W}/custom-fields/{field.Text("id")}", new { name = "Region", type = "DROPDOWN_SINGLE" });
        Assert.Equal(("", 0), (updated.Text("description"), updated.Json["allowedValues"]!.AsArray().Count));
    }

    [Fact]
    public async Task ACategoryIsArchivedBeforeItIsDeleted()
    {
        await using var it = await StartAsync();
        const string travel = $"{W}/expenses/categories/{Seed.TravelCategoryId}";
        (await it.SendAsync("DELETE", travel)).Is(400, 501, "Cannot delete an active category");
        Assert.Equal("true", (await it.SendAsync("PATCH", $"{travel}/status", new { archived = true })).Text("archived"));
        Assert.Equal("true", (await it.SendAsync("PUT", travel, new { name = "Trips" })).Text("archived"));
        Assert.Equal(204, (await it.SendAsync("DELETE", travel)).Status);
    }

    [Fact]
    public async Task TheUsersOfAHolidayAreWrittenAsAScopeAndReadAsAList()
    {
        await using var it = await StartAsync();
        var users = new { contains = "CONTAINS", ids = new[] { Seed.BenUserId }, status = "ALL" };
        await it.SendAsync("POST", $"{W}/holidays", new { name = "New year", datePeriod = new { startDate = "2026-01-01", endDate = "2026-01-01" }, users });
        Assert.Equal("New year", (await it.SendAsync("GET", $"{W}/holidays?assigned-to={Seed.BenUserId}")).Texts());
        Assert.Equal("", (await it.SendAsync("GET", $"{W}/holidays?assigned-to={Seed.AdaUserId}")).Texts());
    }

    [Fact]
    public async Task AnInvitedUserIsPendingAndHasALowerCaseAddress()
    {
        await using var it = await StartAsync();
        Assert.Equal(200, (await it.SendAsync("POST", $"{W}/users?send-email=false", new { email = "Fay@Example.com" })).Status);
        Assert.Equal("fay@example.com", (await it.SendAsync("GET", $"{W}/users?account-statuses=NOT_REGISTERED")).Texts("email"));
        Assert.Equal("fay@example.com", (await it.SendAsync("GET", $"{W}/users?status=PENDING")).Texts("email"));
        (await it.SendAsync("POST", $"{W}/users?send-email=false", new { email = "nobody" })).Is(400, 501, "Please enter valid value for email");
    }

    [Fact]
    public async Task TimeEntriesOfAUserAreDeletedTogetherOrNotAtAll()
    {
        await using var it = await StartAsync();
        var (first, second) = (await it.CreateEntryAsync("a", end: "2026-07-10T06:00:00Z"), await it.CreateEntryAsync("b", end: "2026-07-10T06:00:00Z"));
        var all = $"{W}/user/{Seed.AdaUserId}/time-entries";
        (await it.SendAsync("DELETE", $"{all}?time-entry-ids={first},none")).Is(400, 501, "Time entry doesn't belong to Workspace");
        Assert.Equal(2, (await it.SendAsync("DELETE", $"{all}?time-entry-ids={first}&time-entry-ids={second}")).List.Count);
        Assert.Empty((await it.SendAsync("GET", all)).List);
    }

    [Fact]
    public async Task AMemberProfileKeepsWhatAChangeLeavesOut()
    {
        await using var it = await StartAsync();
        var profile = $"{W}/member-profile/{Seed.BenUserId}";
        Assert.Equal(200, (await it.SendAsync("PATCH", profile, new { workCapacity = "PT6H" })).Status);
        var read = await it.SendAsync("GET", profile);
        Assert.Equal(("PT6H", "MONDAY", "ben@example.com"), (read.Text("workCapacity"), read.Text("weekStart"), read.Text("email")));
        (await it.SendAsync("GET", $"{W}/member-profile/nobody")).Is(400, 501, "User doesn't belong to Workspace");
    }
}
