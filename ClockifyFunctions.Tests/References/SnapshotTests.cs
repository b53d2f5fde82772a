using ClockifyFunctions.Destinations;
using ClockifyFunctions.References;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.References;

/// <summary>The objects of a list that match a name.</summary>
public sealed class SnapshotTests
{
    private static readonly Lookup Projects = EndpointCatalog.Lookups["projects"];

    [Theory]
    [InlineData("Website", 1, "1")]
    [InlineData(" Website ", 2, "1")]
    [InlineData("website", 3, "1")]
    [InlineData("WEBSITE", 3, "1")]
    [InlineData("Brücke Süd", 1, "2")] // In composed Unicode form, like the listed name.
    [InlineData("Bru\u0308cke Su\u0308d", 2, "2")]
    [InlineData("BRU\u0308CKE  SÜD", 3, "2")]
    [InlineData("Bridge inspection", 2, "3")] // The listed name has two spaces.
    [InlineData("Bridge\u00A0inspection", 2, "3")]
    [InlineData("App", 1, "4")]
    [InlineData("app", 1, "5")] // Two objects differ in letter case only.
    [InlineData("APP", 3, "4", "5")]
    [InlineData("Web", 0)]
    [InlineData("Website 2", 0)]
    [InlineData("", 0)]
    public void TheFirstLevelWithAnyCandidateDecides(string value, int level, params string[] ids)
    {
        var match = Some("Website", "Brücke Süd", "Bridge  inspection", "App", "app").Match("name", value, static _ => true);
        Assert.Equal(level, match.Level);
        Assert.Equal(ids, match.Found.Select(row => row.Id));
    }

    [Theory]
    [InlineData(false, false, null)]
    [InlineData(true, false, "2")]
    [InlineData(false, true, "1")]
    [InlineData(true, true, null)]
    public void TheOnlyActiveOneOfSeveralCandidatesIsChosen(bool firstIsArchived, bool secondIsArchived, string? expected)
    {
        var snapshot = new Snapshot(Projects, new ListKey("w", "projects"), DateTimeOffset.UnixEpoch);
        snapshot.AddPages(1, isLast: true, [Row("1", "Website", firstIsArchived), Row("2", "Website", secondIsArchived)]);
        Assert.Equal(expected, snapshot.Match("name", "Website", static _ => true).One?.Id);
    }

    [Fact]
    public void ARenamedObjectIsFoundByItsNewNameOnly()
    {
        var snapshot = Some("Website");
        snapshot.Put(Row("1", "Web shop"));
        Assert.Equal(0, snapshot.Match("name", "Website", static _ => true).Level);
        Assert.Equal("1", snapshot.Match("name", "web shop", static _ => true).One?.Id);
        snapshot.Remove("1");
        Assert.Equal(0, snapshot.Match("name", "Web shop", static _ => true).Level);
        Assert.Empty(snapshot.Rows);
    }

    [Fact]
    public void ASearchReplacesOnlyTheObjectsWithItsName()
    {
        var snapshot = Some("Website", "website", "Website");
        snapshot.Replace("name", "Website", [Row("3", "Website"), Row("9", "Website")]);
        Assert.Equal(["2", "3", "9"], snapshot.Rows.Select(row => row.Id).Order());
    }

    [Fact]
    public void SimilarNamesAreShownWithTheirState()
    {
        var users = new Snapshot(EndpointCatalog.Lookups["users"], new ListKey("w", "users"), DateTimeOffset.UnixEpoch);
        users.AddPages(1, isLast: true,
        [
            User("anna@acme.com", "INACTIVE"), User("ann@acme.co", "ACTIVE"), User("bob@acme.com", "ACTIVE"),
        ]);
        Assert.Equal(["ann@acme.co", "anna@acme.com (inactive)"], CloseNames.Of(users, "email", "Ann@acme.com"));
        Assert.Empty(CloseNames.Of(Some("Website"), "name", "App"));

        static Listed User(string email, string status) =>
            Listed.Of(EndpointCatalog.Lookups["users"], Support.Some.Json($$"""{"id":"{{email}}","email":"{{email}}","name":"x","memberships":[{"membershipStatus":"{{status}}"}]}"""), DateTimeOffset.UnixEpoch)!;
    }

    private static Snapshot Some(params string[] names)
    {
        var snapshot = new Snapshot(Projects, new ListKey("w", "projects"), DateTimeOffset.UnixEpoch);
        snapshot.AddPages(1, isLast: true, names.Select((name, index) => Row($"{index + 1}", name)));
        return snapshot;
    }

    private static Listed Row(string id, string name, bool isArchived = false) =>
        Listed.Of(Projects, Support.Some.Json($$"""{"id":"{{id}}","name":"{{name}}","clientId":"","archived":{{(isArchived ? "true" : "false")}}}"""), DateTimeOffset.UnixEpoch)!;
}
