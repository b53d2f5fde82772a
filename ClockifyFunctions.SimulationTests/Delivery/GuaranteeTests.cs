using System.Net;
using System.Text;
using System.Text.Json;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>The guarantees of docs/delivery.md, each under its most difficult condition.</summary>
public sealed class GuaranteeTests
{
    private static readonly TimeSpan TenDays = TimeSpan.FromDays(10);

    [Fact]
    public async Task AnOutageOfTenDaysLosesNothingAndQuarantinesNothing()
    {
        await using var world = await TestWorld.StartAsync(new() { SweepInterval = TimeSpan.FromMinutes(10) });
        var records = SampleRecords.Read("60");
        world.Api.IsDown = true;
        // One record is postponed during the whole outage. With the others, the destination is paused and probed.
        world.SendTogether("entries", records.Take(1));
        await world.PassAsync(TenDays - TimeSpan.FromHours(1));
        world.SendTogether("entries", records.Skip(1));
        await world.PassAsync(TimeSpan.FromHours(1));
        Assert.Empty(world.Events);
        world.Api.IsDown = false;
        await world.EventsAsync(records.Count, TimeSpan.FromHours(1));
        world.AssertExactlyOnce(records);
        Assert.Empty(world.Quarantine("entries"));
    }

    [Fact]
    public async Task FiftyBadRecordsAtTheHeadAtMostDoubleTheTimeOfTheOthers()
    {
        const int bad = 50, all = 1000;
        await using var world = await TestWorld.StartAsync();
        await world.DestinationAsync("entries", Config("createTimeEntry", ""","retry":{"giveUpAfter":"00:10:00"}"""));
        Intercept(world, (request, body) => request.Method == HttpMethod.Post && body.Contains("bad", StringComparison.Ordinal) ? ServerError() : null);
        var good = SampleRecords.Read($"{all - bad}");
        var begun = world.Clock.GetUtcNow();
        world.SendTogether("entries", [.. Enumerable.Range(0, bad).Select(number => $$"""{"start":"2026-11-02T09:{{number:00}}:00Z","end":"2026-11-02T23:59:00Z","description":"bad {{number}}"}"""), .. good]);
        await world.UntilAsync("the good ones are created", () => world.Ledger.CreatedTimeEntries.Count == good.Count, TimeSpan.FromHours(1));
        // Ten calls per second.
        Assert.InRange((world.Clock.GetUtcNow() - begun).TotalSeconds, 0, 2 * all / 10);
        await world.EventsAsync(all, TimeSpan.FromHours(3));
        Assert.Equal(bad, world.Quarantine("entries").Count);
        Assert.All(world.Quarantine("entries"), entry => Assert.Contains("500", entry.Reason, StringComparison.Ordinal));
        Assert.InRange((world.Clock.GetUtcNow() - begun).TotalMinutes, 10, 30);
        world.AssertLimitsKept();
    }

    [Fact]
    public async Task AnObjectWhoseUpdatesAlwaysFailDoesNotDelayOthers()
    {
        const int others = 1000;
        await using var world = await TestWorld.StartAsync();
        await world.DestinationAsync("tags", Config("updateTag"));
        var tried = new List<string>();
        Intercept(world, (request, body) =>
        {
            if (request.Method != HttpMethod.Put) return null;
            tried.Add(body);
            return ServerError();
        });
        var begun = world.Clock.GetUtcNow();
        world.SendTogether("tags", Enumerable.Range(0, 20).Select(version => $$"""{"id":"{{Seed.OnSiteTagId}}","name":"broken {{version}}"}"""));
        world.SendTogether("entries", SampleRecords.Read($"{others}"));
        await world.UntilAsync("the others are created", () => world.Ledger.CreatedTimeEntries.Count == others, TimeSpan.FromHours(1));
        Assert.InRange((world.Clock.GetUtcNow() - begun).TotalSeconds, 0, 1.1 * others / 10);
        // Later updates are not tried before earlier ones: all calls so far were for the first update.
        Assert.NotEmpty(tried);
        Assert.All(tried, body => Assert.Contains("broken 0", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnOutageOfTheBrokerDelaysEventsButNoCalls()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("300");
        world.SendTogether("entries", records);
        await world.UntilAsync("some are created", () => world.Ledger.CreatedTimeEntries.Count >= 30);
        world.Bus.IsUnavailable = true;
        await world.PassAsync(TimeSpan.FromMinutes(1));
        world.Bus.IsUnavailable = false;
        await world.EventsAsync(records.Count);
        world.AssertExactlyOnce(records);
        Assert.InRange(world.Ledger.Utilisation(Seed.AdaKey, 10, TimeSpan.FromSeconds(1)), 0.95, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task UpdatesThatAreAppliedAfterTheirTimeoutKeepTheirOrder(int seed)
    {
        const int objects = 15, versions = 20;
        await using var world = await TestWorld.StartAsync(new() { Simulator = new SimulatorOptions { KeepBodies = true } });
        await world.DestinationAsync("tags", Config("updateTag"));
        var random = new Random(seed);
        var ids = new List<string>();
        for (var number = 0; number < objects; number++) ids.Add(await CreateTagAsync(world, $"object {number}"));
        foreach (var _ in Enumerable.Range(0, objects * versions / 10))
        {
            var (id, version) = (ids[random.Next(objects)], random.Next(versions));
            world.Faults.Next(request => request.Method == "PUT" && request.Body.Contains($"{ids.IndexOf(id)}-{version}\"", StringComparison.Ordinal), Fault.DropThenApply(TimeSpan.FromSeconds(3)));
        }

        world.SendTogether("tags", Enumerable.Range(0, versions).SelectMany(version => ids.Select((id, number) => $$"""{"id":"{{id}}","name":"{{number}}-{{version}}"}""")));
        await world.EventsAsync(objects * versions, TimeSpan.FromHours(2));
        await world.PassAsync(TimeSpan.FromSeconds(10));
        foreach (var (number, id) in ids.Index())
        {
            var applied = world.Ledger.Calls.Where(call => call is { Method: "PUT", EffectApplied: true } && call.Path.EndsWith(id, StringComparison.Ordinal))
                .Select(call => int.Parse(JsonDocument.Parse(call.Body!).RootElement.GetProperty("name").GetString()!.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(versions, applied.Distinct().Count());
            Assert.Equal(applied.Order(), applied);
            Assert.Equal($"{number}-{versions - 1}", await TagNameAsync(world, id));
        }

        Assert.Empty(world.Quarantine("tags"));
    }

    [Fact]
    public async Task AResponseOfAProxyIsNotASuccess()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("60");
        var pages = 0;
        Intercept(world, (_, _) => ++pages % 5 == 0 ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>Please sign in</html>", Encoding.UTF8, "text/html") } : null);
        world.SendTogether("entries", records);
        await world.EventsAsync(records.Count, TimeSpan.FromHours(2));
        world.AssertExactlyOnce(records);
        Assert.Empty(world.Quarantine("entries"));
    }

    [Fact]
    public async Task AHostThatHangsHardlyReducesTheThroughputOfOthersWithTheSameKey()
    {
        const int records = 1000;
        await using var world = await TestWorld.StartAsync(new() { Settings = BatchHost.Settings });
        world.Hosts.Add(BatchHost.Authority, _ => throw new InvalidOperationException("This host never responds.")).Hangs = true;
        await world.DestinationAsync("hang", $$"""{"credential":"default","method":"PUT","url":"https://{{BatchHost.Authority}}/items/{record.n}"}""");
        var begun = world.Clock.GetUtcNow();
        world.SendTogether("hang", Enumerable.Range(0, records).Select(n => $$"""{"n":{{n}}}"""));
        world.SendTogether("entries", SampleRecords.Read($"{records}"));
        await world.UntilAsync("the others are created", () => world.Ledger.CreatedTimeEntries.Count == records, TimeSpan.FromHours(1));
        Assert.InRange((world.Clock.GetUtcNow() - begun).TotalSeconds, 0, 1.15 * records / 10);
        world.AssertLimitsKept();
    }

    [Fact]
    public async Task AForgedCopyReplacesNoRecordAndIsQuarantined()
    {
        await using var world = await TestWorld.StartAsync();
        world.Faults.Next(request => request.Method == "POST", Fault.DropBeforeApplying);
        world.Send("entries", """{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"genuine"}""");
        await world.UntilAsync("the record is postponed", () => world.Bus.Records.Counts.Scheduled == 1);
        var genuine = world.Bus.Records.Peek(1, 10)[^1].Content;
        var property = (string)genuine.ApplicationProperties[PostponedCopy.Property];
        var body = Encoding.UTF8.GetString(InMemoryBus.Body(genuine));
        Forge(body.Replace("genuine", "forged", StringComparison.Ordinal), property);
        Forge(body, property.Replace("\"attempt\":1", "\"attempt\":7", StringComparison.Ordinal));
        Forge(body, """{"id":"another","enqueuedAt":"2026-11-02T09:00:00Z","attempt":1}""");
        await world.EventsAsync(1);
        Assert.Equal(["genuine"], world.Ledger.CreatedTimeEntries.Select(entry => entry.Description));
        Assert.Equal(3, world.Quarantine("entries").Count);
        Assert.All(world.Quarantine("entries"), entry => Assert.Contains("claims to be a postponed copy", entry.Reason, StringComparison.Ordinal));

        void Forge(string text, string claim) => world.Bus.Records.Send(new Message
        {
            Properties = new Properties { MessageId = Guid.NewGuid().ToString() },
            ApplicationProperties = new ApplicationProperties { [PostponedCopy.DestinationProperty] = "entries", [PostponedCopy.Property] = claim },
            BodySection = new Data { Binary = Encoding.UTF8.GetBytes(text) },
        });
    }

    private static string Config(string endpoint, string more = "") => $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"}{{more}}}""";

    /// <summary>Places a proxy between the app and the API. It returns its response, or null to let the API respond.</summary>
    private static void Intercept(TestWorld world, Func<HttpRequestMessage, string, HttpResponseMessage?> intercept)
    {
        var api = new HttpMessageInvoker(((Microsoft.AspNetCore.TestHost.TestServer)world.Simulator.Server).CreateHandler());
        world.Hosts.Add(TestWorld.ApiHost, async request =>
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync();
            return intercept(request, body) ?? await api.SendAsync(request, CancellationToken.None);
        });
    }

    private static HttpResponseMessage ServerError() => new(HttpStatusCode.InternalServerError) { Content = new StringContent("""{"message":"Something broke.","code":0}""", Encoding.UTF8, "application/json") };

    private static async Task<string> CreateTagAsync(TestWorld world, string name)
    {
        using var http = Http(world);
        using var answer = await http.PostAsync(new Uri($"https://{TestWorld.ApiHost}/api/v1/workspaces/{Seed.WorkspaceId}/tags"), new StringContent($$"""{"name":"{{name}}"}""", Encoding.UTF8, "application/json"));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }

    private static async Task<string> TagNameAsync(TestWorld world, string id)
    {
        using var http = Http(world);
        return JsonDocument.Parse(await http.GetStringAsync(new Uri($"https://{TestWorld.ApiHost}/api/v1/workspaces/{Seed.WorkspaceId}/tags/{id}"))).RootElement.GetProperty("name").GetString()!;
    }

    private static HttpClient Http(TestWorld world) =>
        new(((Microsoft.AspNetCore.TestHost.TestServer)world.Simulator.Server).CreateHandler()) { DefaultRequestHeaders = { { "X-Addon-Token", Seed.AddonToken } } };
}
