using System.Text.Json;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.References;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.SimulationTests.References;

/// <summary>The number of lookups for names, and the cache of Clockify lists.</summary>
public sealed class LookupTests
{
    [Fact]
    public async Task SingleNamesOfALongListAreSearchedInsteadOfReadingAllPages()
    {
        await using var world = await StartAsync("""{"tags":"Tags"}""", pageSize: 50);
        for (var number = 0; number < 400; number++) await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/tags", $$"""{"name":"tag {{number:000}}"}""");
        world.Send("named", Record(0, ("Tags", "tag 010")));
        await world.EventsAsync(1);
        Assert.Equal(1, Lookups(world));

        world.Send("named", Record(1, ("Tags", "tag 120")));
        await world.EventsAsync(2);
        Assert.Equal(3, Lookups(world));

        world.Send("named", Enumerable.Range(2, 10).Select(number => Record(number, ("Tags", "tag 390"))));
        await world.EventsAsync(12);
        // Two more pages, and one search for the ten records.
        Assert.Equal(6, Lookups(world));

        // On a page that is not read, in other letter case; and a name that is contained in more names than a page has.
        await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/tags", """{"name":"tag"}""");
        world.Send("named", Record(12, ("Tags", "TAG 399")), Record(13, ("Tags", "tag")));
        await world.EventsAsync(14);
        Assert.Equal(9, Lookups(world));
        Assert.Equal(14, world.Ledger.CreatedTimeEntries.Count);
    }

    [Fact]
    public async Task FiveThousandRecordsInSixtyProjectsNeedFewLookups()
    {
        const int Records = 5000, Projects = 60;
        var none = Array.Empty<ClockifyFunctions.LocalHost.ClockifySimulator.RateWindow>();
        await using var world = await TestWorld.StartAsync(new() { Limits = "100/00:00:01", Simulator = new() { AddonWindows = none, KeyWindows = none } });
        await DestinationAsync(world, """{"project":"Project","task":"Task","tags":"Tags"}""");
        for (var number = 0; number < Projects; number++)
        {
            var project = JsonDocument.Parse(await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/projects", $$"""{"name":"Project {{number}}"}""")).RootElement.GetProperty("id").GetString();
            await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/projects/{project}/tasks", """{"name":"Review"}""");
        }

        world.SendTogether("named", Enumerable.Range(0, Records).Select(number => Record(number, ("Project", $"project {number * 7 % Projects}"), ("Task", "Review"), ("Tags", "Urgent"))));
        await world.EventsAsync(Records, TimeSpan.FromHours(1));
        Assert.Equal(Records, world.Ledger.CreatedTimeEntries.Count);
        Assert.InRange(Lookups(world), 1, (int)(0.03 * (Records + Projects)));
    }

    [Fact]
    public async Task TheNextDrainUsesTheListsOfTheDrainBefore()
    {
        await using var world = await StartAsync("""{"project":"Project"}""");
        world.Send("named", Record(0, ("Project", "Website")));
        await world.EventsAsync(1);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        world.App.Kill();
        world.StartInstance();
        world.Send("named", Record(1, ("Project", "Website")));
        await world.EventsAsync(2);
        Assert.Equal(1, Lookups(world));

        await world.PassAsync(TimeSpan.FromMinutes(15));
        world.Send("named", Record(2, ("Project", "Website")));
        await world.EventsAsync(3);
        Assert.Equal(2, Lookups(world));
    }

    [Fact]
    public async Task AnObjectCreatedByOneDestinationIsFoundAtOnceByAnother()
    {
        await using var world = await StartAsync("""{"tags":"Tags"}""");
        await world.DestinationAsync("tags", $$"""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"} }""");
        world.Send("named", Record(0, ("Tags", "Urgent")));
        await world.EventsAsync(1);
        world.Send("tags", """{"name":"Night shift"}""");
        await world.EventsAsync(2);
        world.Send("named", Record(1, ("Tags", "night shift")));
        await world.EventsAsync(3);
        Assert.Equal(1, Lookups(world));
    }

    [Fact]
    public async Task TwoCredentialsThatNeedTheSameNewTagCreateOneTag()
    {
        const int Records = 200;
        await using var world = await TestWorld.StartAsync(new()
        {
            Settings = new Dictionary<string, string> { ["Credentials__ben__ApiKey"] = Seed.BenKey, ["Credentials__ben__BaseUrl"] = $"https://{TestWorld.ApiHost}/api/v1" },
        });
        foreach (var credential in new[] { "default", "ben" })
        {
            await world.DestinationAsync(credential, Config("""{"tags":{"from":"Tags","missing":"create"}}""", credential: credential));
            world.Send(credential, Enumerable.Range(0, Records).Select(number => Record(number, ("Tags", "New tag"))));
        }

        await world.EventsAsync(2 * Records, TimeSpan.FromHours(1));
        Assert.Equal(2 * Records, world.Ledger.CreatedTimeEntries.Count);
        Assert.Equal(1, world.Ledger.Count(call => call.Method == "POST" && call.EffectApplied && call.Path.EndsWith("/tags", StringComparison.Ordinal)));
        Assert.Empty(world.Quarantine("ben"));
    }

    [Fact]
    public async Task DatesCanBeInTheTimeZoneOfTheUserOfTheEntry()
    {
        await using var world = await TestWorld.StartAsync(new() { Simulator = new() { KeepBodies = true } });
        await world.DestinationAsync("named", Config("""{"user":"E-mail"}""", "createTimeEntryForUser", more: ""","timeZone":"user" """));
        world.Send("named", """{"start":"2026-07-10 09:00","end":"2026-07-10 10:00","E-mail":"ben@example.com"}""", """{"start":"2026-07-10 09:00","end":"2026-07-10 10:00","E-mail":"cleo@example.com"}""");
        await world.DestinationAsync("own", Config("{}", more: ""","timeZone":"user" """));
        world.Send("own", """{"start":"2026-07-10 09:00","end":"2026-07-10 10:00"}""");
        await world.EventsAsync(3);
        Assert.Equal(
            [(Seed.AdaUserId, "09:00"), (Seed.BenUserId, "07:00"), (Seed.CleoUserId, "09:00")],
            world.Ledger.CreatedTimeEntries.Select(entry => (entry.UserId, $"{entry.Start.ToUniversalTime():HH:mm}")).Order());
    }

    [Fact]
    public async Task CustomFieldsAreNamedAndTheirValuesConvertedByTheirTypes()
    {
        await using var world = await StartAsync("""{"customFields":{"Shift code":"Code","Hours on site":"Hours","Parts":{"from":"Parts","split":"/"},"Unused":"Nothing"}}""");
        var ids = new List<string?>();
        foreach (var field in new[] { """{"name":"Shift Code","type":"TXT"}""", """{"name":"Hours on site","type":"NUMBER"}""", """{"name":"Parts","type":"DROPDOWN_MULTIPLE","allowedValues":["Bolt","Nut"]}""" })
            ids.Add(JsonDocument.Parse(await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/custom-fields", field)).RootElement.GetProperty("id").GetString());
        world.Send("named", Record(0, ("Code", "4711"), ("Hours", "1,5"), ("Parts", "nut/Bolt"), ("Nothing", "")), Record(1, ("Hours", "many"), ("Parts", "Screw")));
        await world.EventsAsync(1);
        await world.UntilAsync("one is quarantined", () => world.Quarantine("named").Count == 1);
        var sent = JsonDocument.Parse(world.Ledger.Calls.Last(call => call.Method == "POST").Body!).RootElement.GetProperty("customFields").EnumerateArray().Select(item => $"{item.GetProperty("customFieldId").GetString()}: {item.GetProperty("value").GetRawText()}");
        Assert.Equal([$"{ids[0]}: \"4711\"", $"{ids[1]}: 1.5", $"{ids[2]}: [\"Nut\",\"Bolt\"]"], sent);
        var reason = Assert.Single(world.Quarantine("named")).Reason;
        Assert.Contains("$.Hours: 'many'", reason, StringComparison.Ordinal);
        Assert.Contains("$.Parts: item 0 ('Screw') is not one of Bolt, Nut", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APreviewReadsListsOnceAndCreatesNothing()
    {
        await using var world = await StartAsync("""{"project":"Project","tags":{"from":"Tags","split":";","missing":"create"}}""");
        var destination = await DestinationOfAsync(world);
        var records = new[] { Record(0, ("Project", "WEBSITE"), ("Tags", "Urgent;New tag")), Record(1, ("Project", "Websit"), ("Tags", "Old tag")) }.Select(record => JsonElement.Parse(record)).ToArray();
        var names = await world.DoneAsync("the preview is resolved", world.App.Get<ReferencePreview>().ResolveAsync(destination, records, CancellationToken.None));
        Assert.Equal([Seed.WebsiteProjectId], names[0].Resolved.Ids["project"]);
        Assert.Equal([Seed.UrgentTagId, Resolver.NewId], names[0].Resolved.Ids["tags"]);
        Assert.Contains("tag \"New tag\" does not exist; delivery creates it.", Assert.Single(names[0].Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(["archived", "unresolved"], names[1].Refused.Select(problem => problem.Message.Split(':')[0]).Order());
        Assert.Equal(["$.Project", "$.Tags"], names[1].Refused.Select(problem => problem.Path).Order());
        Assert.Equal(0, world.Ledger.Count(call => call.Method != "GET"));

        var calls = world.Ledger.Calls.Count;
        await world.DoneAsync("the preview is resolved again", world.App.Get<ReferencePreview>().ResolveAsync(destination, records, CancellationToken.None));
        Assert.Equal(calls, world.Ledger.Calls.Count);
        // Another process reads the lists from storage.
        world.StartInstance();
        await world.DoneAsync("the preview of the other instance is resolved", world.Instances[1].Get<ReferencePreview>().ResolveAsync(destination, records[..1], CancellationToken.None));
        Assert.InRange(world.Ledger.Calls.Count - calls, 0, 1);
    }

    [Fact]
    public async Task TheListsOfADeletedCredentialAreErased()
    {
        await using var world = await StartAsync("""{"project":"Project"}""");
        world.Send("named", Record(0, ("Project", "Website")));
        await world.EventsAsync(1);
        await world.PassAsync(TimeSpan.FromMinutes(1));
        Assert.NotEmpty(await BlobsAsync(world));
        await world.DoneAsync("they are erased", world.App.Get<SnapshotStore>().DeleteAsync(TestWorld.CredentialName, CancellationToken.None));
        Assert.Empty(await BlobsAsync(world));
    }

    private static async Task<IReadOnlyList<string>> BlobsAsync(TestWorld world)
    {
        var names = new List<string>();
        await foreach (var blob in world.Observe<BlobAccount>().Lookups.GetBlobsAsync(cancellationToken: TestContext.Current.CancellationToken)) names.Add(blob.Name);
        return names;
    }

    private static int Lookups(TestWorld world) => world.Ledger.Count(call => call.IsLookup);

    private static async Task<Destination> DestinationOfAsync(TestWorld world)
    {
        var stored = await world.Observe<DestinationStore>().FindAsync("named", TestContext.Current.CancellationToken);
        var credentials = await world.DoneAsync("credentials are read", world.App.Get<CredentialStore>().GetAsync(CredentialStore.ForSending, CancellationToken.None).AsTask());
        Assert.True(Destination.TryCreate("named", stored!.Config, credentials.All, out var destination, out _));
        return destination;
    }

    private static async Task<TestWorld> StartAsync(string references, int pageSize = 1000)
    {
        var world = await TestWorld.StartAsync(new() { Settings = new Dictionary<string, string> { ["Lookups__PageSize"] = $"{pageSize}" }, Simulator = new() { AddonWindows = [], KeepBodies = true } });
        await DestinationAsync(world, references);
        return world;
    }

    private static Task DestinationAsync(TestWorld world, string references) => world.DestinationAsync("named", Config(references));

    private static string Config(string references, string endpoint = "createTimeEntry", string credential = "default", string more = "") =>
        $$"""{"credential":"{{credential}}","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"references":{{references}}{{more}} }""";

    private static string Record(int number, params (string Name, string Value)[] attributes)
    {
        var start = new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero).AddMinutes(number);
        var record = new Dictionary<string, string> { ["start"] = $"{start:yyyy-MM-dd'T'HH:mm:ss'Z'}", ["end"] = $"{start.AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}", ["description"] = $"record {number}" };
        foreach (var (name, value) in attributes) record[name] = value;
        return JsonSerializer.Serialize(record);
    }
}
