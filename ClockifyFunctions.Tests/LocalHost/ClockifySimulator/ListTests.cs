using ClockifyFunctions.LocalHost.ClockifySimulator;
using static ClockifyFunctions.Tests.LocalHost.ClockifySimulator.SimulatorFixture;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

/// <summary>Lookups by name: filters, pages, and the rows that a list excludes.</summary>
public sealed class ListTests
{
    [Theory]
    [InlineData("projects", "site", "Website")]
    [InlineData("projects", "SITE", "Website")]
    [InlineData("projects", "Websit&strict-name-search=true", "")]
    [InlineData("projects", "Website&strict-name-search=true", "Website")]
    [InlineData("tags", "urgen", "Urgent")]
    [InlineData("tags", "urgen&strict-name-search=true", "")]
    [InlineData($"projects/{Seed.BridgeProjectId}/tasks", "survey", "Deck survey")]
    [InlineData($"projects/{Seed.BridgeProjectId}/tasks", "survey&strict-name-search=true", "")]
    [InlineData("clients", "cme", "Acme")]
    [InlineData("user-groups", "survey", "Surveyors")]
    [InlineData("custom-fields", "centre", "Cost centre")]
    [InlineData("time-off/policies", "cat", "Vacation")]
    [InlineData("users", "ad", "Ada")]
    public async Task ANameFiltersAsTheServiceDocuments(string list, string query, string names)
    {
        await using var it = await StartAsync();
        Assert.Equal(names, (await it.SendAsync("GET", $"{W}/{list}?name={query}")).Texts());
    }

    [Fact]
    public async Task UsersAreFoundByAPartOfTheirAddress()
    {
        await using var it = await StartAsync();
        Assert.Equal("ben@example.com", (await it.SendAsync("GET", $"{W}/users?email=BEN@")).Texts("email"));
        Assert.Equal("Europe/Berlin", (await it.SendAsync("GET", $"{W}/users?email=ben@")).List[0]!["settings"]!["timeZone"]!.ToString());
    }

    [Fact]
    public async Task AnInactiveUserIsListedOnlyIfTheStatusRequestsIt()
    {
        await using var it = await StartAsync();
        Assert.Equal(200, (await it.SendAsync("PUT", $"{W}/users/{Seed.DanUserId}", new { status = "INACTIVE" })).Status);
        Assert.DoesNotContain("Dan", (await it.SendAsync("GET", $"{W}/users")).Texts(), StringComparison.Ordinal);
        Assert.Equal("Dan", (await it.SendAsync("GET", $"{W}/users?status=INACTIVE")).Texts());
        var all = await it.SendAsync("GET", $"{W}/users?status=ALL&name=dan&memberships=WORKSPACE");
        Assert.Equal(("ACTIVE", "INACTIVE"), (all.Texts("status"), all.List[0]!["memberships"]![0]!["membershipStatus"]!.ToString()));
    }

    [Theory]
    [InlineData("tags", "On site|Old tag|Urgent")]
    [InlineData("tags?archived=true", "Old tag")]
    [InlineData("tags?archived=false", "On site|Urgent")]
    [InlineData("clients", "Acme|Globex|Old client")]
    [InlineData("clients?archived=false", "Acme|Globex")]
    [InlineData("projects", "Bridge inspection|Old project|Website")]
    [InlineData("projects?archived=true", "Old project")]
    [InlineData($"projects?clients={Seed.AcmeClientId}", "Bridge inspection")]
    [InlineData($"projects/{Seed.BridgeProjectId}/tasks", "Deck survey|Permit application")]
    [InlineData($"projects/{Seed.BridgeProjectId}/tasks?is-active=true", "Deck survey")]
    public async Task ParametersFilterAListThatOtherwiseHasArchivedAndActiveObjects(string list, string names)
    {
        await using var it = await StartAsync();
        Assert.Equal(names.Split('|').Order(), (await it.SendAsync("GET", $"{W}/{list}")).Texts().Split('|').Order());
    }

    [Theory]
    [InlineData("tags?page-size=2", 2, "false")]
    [InlineData("tags?page-size=2&page=2", 1, "true")]
    [InlineData("tags?page-size=3", 3, "true")]
    [InlineData("tags?page-size=2&page=9", 0, "true")]
    [InlineData("users?page-size=3", 3, "false")]
    [InlineData("custom-fields?page-size=1", 2, null)]
    public async Task APagedListShowsWhetherAPageIsTheLastOne(string list, int rows, string? last)
    {
        await using var it = await StartAsync();
        await it.SendAsync("POST", $"{W}/custom-fields", new { name = "Region", type = "TXT" });
        var page = await it.SendAsync("GET", $"{W}/{list}");
        Assert.Equal((rows, last), (page.List.Count, page.LastPage));
    }

    [Fact]
    public async Task CategoriesAndExpensesAreInsideOfAnEnvelope()
    {
        await using var it = await StartAsync();
        var categories = await it.SendAsync("GET", $"{W}/expenses/categories?page-size=1&name=e");
        Assert.Equal((2, "Travel", "false"), (categories.Json["count"]!.GetValue<int>(), categories.Json["categories"]![0]!["name"]!.ToString(), categories.LastPage));
        var row = (await it.SendAsync("GET", $"{W}/expenses?user-id={Seed.AdaUserId}")).Json["expenses"]!["expenses"]![0]!;
        Assert.Equal(("Travel", "Bridge inspection", null), (row["category"]!["name"]!.ToString(), row["project"]!["name"]!.ToString(), row["categoryId"]));
        Assert.Empty((await it.SendAsync("GET", $"{W}/expenses?user-id={Seed.BenUserId}")).Json["expenses"]!["expenses"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"invoiceNumber":"2026-0041","strictSearch":true}""", 1)]
    [InlineData("""{"invoiceNumber":"0041","strictSearch":true}""", 0)]
    [InlineData("""{"invoiceNumber":"0041"}""", 1)]
    [InlineData("""{"page":2}""", 0)]
    public async Task InvoicesAreSearchedByTheirNumber(string question, int found)
    {
        await using var it = await StartAsync();
        var answer = await it.SendAsync("POST", $"{W}/invoices/info", question);
        Assert.Equal((found, null), (answer.Json["invoices"]!.AsArray().Count, answer.LastPage));
    }

    [Theory]
    [InlineData("", "Vacation")]
    [InlineData("?status=ALL", "Vacation|Care")]
    [InlineData("?status=ARCHIVED", "Care")]
    public async Task ArchivedPoliciesAreListedIfTheStatusRequestsThem(string query, string names)
    {
        await using var it = await StartAsync();
        Assert.Equal(200, (await it.SendAsync("PATCH", $"{W}/time-off/policies/{Seed.CarePolicyId}", new { status = "ARCHIVED" })).Status);
        Assert.Equal(names, (await it.SendAsync("GET", $"{W}/time-off/policies{query}")).Texts());
    }

    [Fact]
    public async Task TheWorkspaceHasItsCurrencies()
    {
        await using var it = await StartAsync();
        var workspace = await it.SendAsync("GET", W);
        Assert.Equal(("USD", Seed.CurrencyId), (workspace.Json["currencies"]![0]!["code"]!.ToString(), workspace.Json["currencies"]![0]!["id"]!.ToString()));
        Assert.Contains("EXPENSES", workspace.Json["features"]!.AsArray().Select(feature => (string?)feature));
    }

    [Fact]
    public async Task TheLedgerDistinguishesLookupsFromWrites()
    {
        await using var it = await StartAsync();
        await it.SendAsync("GET", $"{W}/tags?name=x");
        await it.SendAsync("POST", $"{W}/invoices/info", "{}");
        await it.SendAsync("POST", $"{W}/time-off/requests", "{}");
        await it.SendAsync("POST", $"{W}/tags", new { name = "New" });
        await it.SendAsync("POST", $"{W}/tags", new { name = "New" });
        var summary = Assert.Single(it.Simulator.Ledger.Summarise(10, TimeSpan.FromSeconds(1)));
        Assert.Equal((5, 3, 1), (summary.Calls, summary.Lookups, summary.Writes));
    }
}
